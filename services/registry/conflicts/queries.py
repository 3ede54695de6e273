"""Who is flagged in a cycle: found in four statements, however many classes there are (C03, Q12)."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import CANCELLED, DRAFT, INSTITUTION
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.conflicts.schemas import (
    ConflictReasonView,
    ConflictsView,
    ConflictView,
    TaughtClassView,
)
from services.registry.cycles.queries import get_kept_pack
from services.registry.designations.domain import HELD
from services.registry.designations.models import Designation
from services.registry.organisations.domain import CONFLICTING
from services.registry.organisations.duties import reasons_of, select_holders
from services.registry.organisations.models import Organisation
from shared.caller import Caller


async def list_conflicts(session: AsyncSession, caller: Caller, *, cycle_id: str) -> ConflictsView:
    """List who holds an act over the training of the cycle and teaches in it.

    The bureau and whoever tracks see all of them, an organisation itself alone.
    """
    kept = await get_kept_pack(session, cycle_id)
    sees_all = caller.kind == "bureau" or caller.holds("track", kept.pack)
    seen = true() if sees_all else Organisation.id == caller.organisation_id
    names = (Organisation.kind, Organisation.name_zh, Organisation.name_en)
    asked = select_holders(kept.pack).add_columns(*names).where(seen, _teaches(cycle_id))
    holders = (await session.execute(asked.order_by(Organisation.id))).all()
    ids = [row.id for row in holders]
    held = select(Designation.institution_id, Designation.id).where(
        Designation.cycle_id == cycle_id, Designation.institution_id.in_(ids), Designation.status.in_(HELD)
    )
    designated = {row.institution_id: row.id for row in await session.execute(held)}
    taught = await _classes(session, cycle_id, ids)
    reasons = {code: (act, words) for act, (code, words) in CONFLICTING.items()}
    return ConflictsView(
        cycle_id=cycle_id,
        revision=kept.revision,
        items=[
            ConflictView(
                organisation_id=row.id,
                kind=row.kind,
                name_zh=row.name_zh,
                name_en=row.name_en,
                reasons=[
                    ConflictReasonView(
                        code=code, act=reasons[code][0], zh=reasons[code][1][0], en=reasons[code][1][1]
                    )
                    for code in reasons_of(row)
                ],
                designation_id=designated.get(row.id),
                classes=taught[row.id],
            )
            for row in holders
        ],
    )


def _teaches(cycle_id: str) -> ColumnElement[bool]:
    """Say of an organisation whether it is designated in the cycle, or leads or teaches a class of it."""
    held = select(Designation.institution_id).where(
        Designation.cycle_id == cycle_id, Designation.status.in_(HELD)
    )
    leading = select(Class.lead_id).where(*_firm(cycle_id))
    teaching = (
        select(ClassOrganiser.organisation_id)
        .join(Class, Class.id == ClassOrganiser.class_id)
        .where(ClassOrganiser.role == INSTITUTION, *_firm(cycle_id))
    )
    return or_(Organisation.id.in_(held), Organisation.id.in_(leading), Organisation.id.in_(teaching))


def _firm(cycle_id: str) -> tuple[ColumnElement[bool], ...]:
    """Leave out drafts, whose existence is nobody else's business, and what is not held."""
    return Class.cycle_id == cycle_id, Class.status.not_in((DRAFT, CANCELLED))


async def _classes(
    session: AsyncSession, cycle_id: str, organisation_ids: Collection[str]
) -> dict[str, list[TaughtClassView]]:
    """List the classes that each of these leads or teaches, with its roles in them."""
    teaching = (
        select(ClassOrganiser.class_id, ClassOrganiser.organisation_id)
        .where(ClassOrganiser.role == INSTITUTION, ClassOrganiser.organisation_id.in_(organisation_ids))
        .subquery()
    )
    asked = (
        select(Class.id, Class.title_zh, Class.status, Class.lead_id, teaching.c.organisation_id)
        .outerjoin(teaching, teaching.c.class_id == Class.id)
        .where(
            *_firm(cycle_id),
            or_(Class.lead_id.in_(organisation_ids), teaching.c.organisation_id.is_not(None)),
        )
        .order_by(Class.id)
    )
    roles: dict[tuple[str, str], TaughtClassView] = {}
    for row in await session.execute(asked):
        for organisation_id, role in ((row.lead_id, "lead"), (row.organisation_id, "institution")):
            if organisation_id in organisation_ids:
                known = roles.get((organisation_id, row.id))
                given = {*(known.roles if known else ()), role}
                roles[organisation_id, row.id] = TaughtClassView.model_validate(
                    {
                        "class_id": row.id,
                        "title_zh": row.title_zh,
                        "status": row.status,
                        "roles": sorted(given, reverse=True),
                    }
                )
    found: dict[str, list[TaughtClassView]] = defaultdict(list)
    for (organisation_id, _), view in roles.items():
        found[organisation_id].append(view)
    return found
