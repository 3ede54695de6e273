"""What everybody may know: cycles in force, who is designated, teaching bases, which classes are held when.

Each list has an edition: sums over whole tables whose rows are never deleted and whose versions only
rise, so that the sums rise with every change.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row as Found
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.bases.models import TeachingBase
from services.registry.catalogue.domain import named, rules_of
from services.registry.catalogue.schemas import (
    BodyView,
    CatalogueBaseView,
    CatalogueClassView,
    CatalogueCycleView,
    CatalogueInstitutionView,
    CodeView,
)
from services.registry.classes.domain import APPROVED, FINISHED, INSTITUTION, RUNNING
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.cycles.domain import DRAFT
from services.registry.cycles.models import Cycle
from services.registry.cycles.queries import list_packs_told
from services.registry.designations.models import Designation
from services.registry.organisations.models import Organisation
from shared.cached import Edition
from shared.events.policy import PolicyPack, Term
from shared.paging import AskedPage, Page, apply, to_page

_OPEN = (APPROVED, RUNNING, FINISHED)


async def edition_of_cycles(session: AsyncSession) -> Edition:
    asked = select(
        *_marks(Cycle), func.max(Cycle.loaded_at), func.max(Cycle.activated_at), func.max(Cycle.closed_at)
    )
    count, versions, *changed = (await session.execute(asked)).one()
    moments: list[datetime] = [moment for moment in changed if moment is not None]
    return Edition((int(count), int(versions)), max(moments, default=None))


async def edition_of_institutions(session: AsyncSession) -> Edition:
    return await _edition(session, Cycle, Organisation, Designation)


async def edition_of_classes(session: AsyncSession) -> Edition:
    return await _edition(session, Cycle, Organisation, Class)


async def edition_of_bases(session: AsyncSession) -> Edition:
    return await _edition(session, Cycle, Organisation, TeachingBase)


async def list_cycles(session: AsyncSession, paging: AskedPage) -> Page[CatalogueCycleView]:
    asked = select(Cycle.id, Cycle.status, Cycle.revision, Cycle.activated_at, Cycle.closed_at).where(
        Cycle.status != DRAFT
    )
    rows = (await session.execute(apply(asked, [Cycle.id], paging))).all()
    packs = await _packs(session)

    def view(row: Found[*tuple[Any, ...]]) -> CatalogueCycleView:
        pack = packs[row.id]
        return CatalogueCycleView.of(
            pack,
            rules_of(pack),
            status=row.status,
            revision=row.revision,
            activated_at=row.activated_at,
            closed_at=row.closed_at,
        )

    return to_page(rows, [Cycle.id], paging, view)


async def list_institutions(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None
) -> Page[CatalogueInstitutionView]:
    asked = select(
        Designation.id,
        Designation.cycle_id,
        Designation.institution_id,
        Designation.class_kinds,
        Designation.status,
    )
    if cycle_id is not None:
        asked = asked.where(Designation.cycle_id == cycle_id)
    rows = (await session.execute(apply(asked, [Designation.id], paging))).all()
    ids = {row.institution_id for row in rows}
    bodies = await _bodies(session, ids)
    members = await _members(session, ids)
    packs = await _packs(session)

    def view(row: Found[*tuple[Any, ...]]) -> CatalogueInstitutionView:
        kinds = packs[row.cycle_id].class_kinds
        return CatalogueInstitutionView(
            id=row.id,
            cycle_id=row.cycle_id,
            institution=bodies[row.institution_id],
            members=members[row.institution_id],
            class_kinds=[_code(kinds, code) for code in row.class_kinds],
            status=row.status,
        )

    return to_page(rows, [Designation.id], paging, view)


async def list_bases(
    session: AsyncSession, paging: AskedPage, *, cycle_id: str | None, department: str | None
) -> Page[CatalogueBaseView]:
    asked = select(TeachingBase)
    for column, wanted in ((TeachingBase.cycle_id, cycle_id), (TeachingBase.department_id, department)):
        if wanted is not None:
            asked = asked.where(column == wanted)
    rows = (await session.scalars(apply(asked, [TeachingBase.id], paging))).all()
    bodies = await _bodies(session, {row.department_id for row in rows})
    packs = await _packs(session)

    def view(row: TeachingBase) -> CatalogueBaseView:
        topics = packs[row.cycle_id].special_topics
        return CatalogueBaseView(
            id=row.id,
            cycle_id=row.cycle_id,
            uscc=row.uscc,
            name_zh=row.name_zh,
            name_en=row.name_en,
            department=bodies[row.department_id],
            special_topics=[_code(topics, code) for code in row.special_topics],
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            status=row.status,
            ended_on=row.ended_on,
        )

    return to_page(rows, [TeachingBase.id], paging, view)


async def list_classes(
    session: AsyncSession,
    paging: AskedPage,
    *,
    cycle_id: str | None,
    department: str | None,
    kind: str | None,
) -> Page[CatalogueClassView]:
    asked = select(
        Class.id,
        Class.cycle_id,
        Class.kind,
        Class.special_topic,
        Class.title_zh,
        Class.title_en,
        Class.status,
        Class.lead_id,
        Class.place_department_id,
        Class.starts_on,
        Class.ends_on,
        Class.capacity,
    ).where(Class.status.in_(_OPEN))
    for column, wanted in (
        (Class.cycle_id, cycle_id),
        (Class.place_department_id, department),
        (Class.kind, kind),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    rows = (await session.execute(apply(asked, [Class.id], paging))).all()
    teaching = await _institutions(session, [row.id for row in rows])
    taught_by = {one for ids in teaching.values() for one in ids}
    bodies = await _bodies(
        session, {*taught_by, *(one for row in rows for one in (row.lead_id, row.place_department_id))}
    )
    packs = await _packs(session)

    def view(row: Found[*tuple[Any, ...]]) -> CatalogueClassView:
        pack = packs[row.cycle_id]
        return CatalogueClassView(
            id=row.id,
            cycle_id=row.cycle_id,
            kind=_code(pack.class_kinds, row.kind),
            special_topic=row.special_topic and _code(pack.special_topics, row.special_topic),
            title_zh=row.title_zh,
            title_en=row.title_en,
            status=row.status,
            lead=bodies[row.lead_id],
            institutions=[bodies[one] for one in teaching[row.id]],
            place=bodies[row.place_department_id],
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            capacity=row.capacity,
        )

    return to_page(rows, [Class.id], paging, view)


async def _edition(session: AsyncSession, *tables: type[Any]) -> Edition:
    sums: list[int] = []
    for table in tables:
        # PostgreSQL sums 64 bits to a decimal.
        sums += [int(one) for one in (await session.execute(select(*_marks(table)))).one()]
    return Edition(tuple(sums))


def _marks(table: type[Any]) -> tuple[Any, Any]:
    return func.count(), func.coalesce(func.sum(table.version), 0)


async def _packs(session: AsyncSession) -> Mapping[str, PolicyPack]:
    return {pack.cycle_id: pack for pack in await list_packs_told(session)}


async def _institutions(session: AsyncSession, class_ids: Collection[str]) -> Mapping[str, list[str]]:
    """List the institutions that teach in each of these classes, in the order of its filing."""
    asked = (
        select(ClassOrganiser.class_id, ClassOrganiser.organisation_id)
        .where(ClassOrganiser.class_id.in_(class_ids), ClassOrganiser.role == INSTITUTION)
        .order_by(ClassOrganiser.class_id, ClassOrganiser.position)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in await session.execute(asked):
        found[row.class_id].append(row.organisation_id)
    return found


async def _members(session: AsyncSession, ids: Collection[str]) -> Mapping[str, list[BodyView]]:
    """List the member bodies of these organisations (Q5)."""
    asked = _names().add_columns(Organisation.parent_id).where(Organisation.parent_id.in_(ids))
    found: dict[str, list[BodyView]] = defaultdict(list)
    for row in await session.execute(asked.order_by(Organisation.id)):
        found[row.parent_id].append(BodyView.model_validate(row))
    return found


async def _bodies(session: AsyncSession, ids: Collection[str]) -> Mapping[str, BodyView]:
    rows = await session.execute(_names().where(Organisation.id.in_(ids)))
    return {row.id: BodyView.model_validate(row) for row in rows}


def _names() -> Select[str, str, str]:
    return select(Organisation.id, Organisation.name_zh, Organisation.name_en)


def _code(entries: Sequence[Term], code: str) -> CodeView:
    words = named(entries, code)
    return CodeView(code=code, zh=words.zh, en=words.en)
