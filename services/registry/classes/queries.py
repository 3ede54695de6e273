"""What classes can tell. A draft is seen by who would have a part in it, bureau, operator and approver.

A class that was filed is seen by all, its training plan with the budget by those who have to do with it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, or_, select, true
from sqlalchemy import Row as Found
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.documents import show_plan, shown_plan
from services.registry.classes.domain import CO_ORGANISER, DRAFT, INSTITUTION, ClassUnknown
from services.registry.classes.models import Class, ClassOrganiser, TrainingPlan
from services.registry.classes.schemas import ClassView, WholeClassView
from services.registry.cycles.queries import get_kept_pack, list_packs_told
from services.registry.organisations.duties import list_conflicts
from shared.caller import Caller
from shared.events.registry import CoOrganiser
from shared.paging import AskedPage, Page, apply, to_page
from shared.sealed import Sealer

READ_DRAFTS = frozenset({"bureau", "operator"})
NAMING_ACTS = ("agree_training_plans", "approve_classes")
PLAN_ACTS = ("agree_training_plans", "approve_classes", "coordinate_commissioned_classes", "track")

_FIELDS = tuple(ClassView.model_fields)
# Tables, not entities: rows that never become entities need not pass the ORM's loading.
_classes, _plans, _organisers = (
    cast("Table", entity.__table__) for entity in (Class, TrainingPlan, ClassOrganiser)
)
_TOLD = {
    "plan_agreed": _plans.c.agreed_at.is_not(None).label("plan_agreed"),
    "coordinated": _classes.c.coordinated_at.is_not(None).label("coordinated"),
}
_ORGANISERS = ("institution_ids", "co_organisers")
_LISTED = select(
    *(_TOLD[name] if name in _TOLD else _classes.c[name] for name in _FIELDS if name not in _ORGANISERS)
).select_from(_classes.outerjoin(_plans))
_ORGANISED = (
    select(_organisers.c.class_id, _organisers.c.organisation_id, _organisers.c.role, _organisers.c.kind)
    .where(_organisers.c.class_id.in_(bindparam("class_ids", expanding=True)))
    .order_by(_organisers.c.class_id, _organisers.c.position)
)
_BEFORE = _FIELDS.index("institution_ids")
"""How many columns of a listed class stand before its organisers, which another statement brings."""


async def get_class(session: AsyncSession, class_id: str, caller: Caller, sealer: Sealer) -> WholeClassView:
    asked = select(Class).where(Class.id == class_id, await visible(session, caller))
    row = await session.scalar(asked)
    if row is None:
        raise ClassUnknown(class_id)
    plan = shown_plan(row)
    shown = plan is not None and await shows_plan(session, row, caller)
    agreed_at = None if row.plan is None else row.plan.agreed_at
    names = sealer if await shows_names(session, row, caller) else None
    pack = (await get_kept_pack(session, row.cycle_id)).pack
    flagged = await list_conflicts(session, pack, {row.lead_id, *row.institution_ids})
    return WholeClassView(
        **dict(view_of(row)),
        plan=show_plan(plan, agreed_at, names) if plan and shown else None,
        conflicts=sorted({code for codes in flagged.values() for code in codes}),
    )


async def list_classes(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    status: str | None,
    lead_id: str | None,
) -> Page[dict[str, Any]]:
    """List classes as `ClassView` shows them, in three statements at most.

    Rows go to the wire without becoming entities and views: for a page of a hundred these took three
    quarters of the time, and whole training plans were read to tell whether they are agreed.
    """
    asked = _LISTED.where(await visible(session, caller))
    for column, wanted in ((Class.cycle_id, cycle_id), (Class.status, status), (Class.lead_id, lead_id)):
        if wanted is not None:
            asked = asked.where(column == wanted)
    rows = (await session.execute(apply(asked, [Class.id], paging))).all()
    organisers = await _organisers_of(session, [row.id for row in rows])

    def item(row: Found[*tuple[Any, ...]]) -> dict[str, Any]:
        return dict(zip(_FIELDS, (*row[:_BEFORE], *organisers[row.id], *row[_BEFORE:]), strict=True))

    return to_page(rows, [Class.id], paging, item)


async def _organisers_of(
    session: AsyncSession, class_ids: Collection[str]
) -> defaultdict[str, tuple[list[str], list[dict[str, Any]]]]:
    """List the institutions and co-organisers of these classes, each in the order of its class."""
    found: defaultdict[str, tuple[list[str], list[dict[str, Any]]]] = defaultdict(lambda: ([], []))
    for class_id, organisation_id, role, kind in await session.execute(_ORGANISED, {"class_ids": class_ids}):
        institutions, co_organisers = found[class_id]
        if role == INSTITUTION:
            institutions.append(organisation_id)
        elif role == CO_ORGANISER:
            co_organisers.append({"organisation_id": organisation_id, "kind": kind})
    return found


def view_of(row: Class) -> ClassView:
    return ClassView(
        id=row.id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        kind=row.kind,
        arrangement=row.arrangement,
        special_topic=row.special_topic,
        title_zh=row.title_zh,
        title_en=row.title_en,
        status=row.status,
        reason=row.reason,
        cancelled_for=row.cancelled_for,
        cancelled_at=row.cancelled_at,
        filed_by=row.filed_by,
        lead_id=row.lead_id,
        institution_ids=row.institution_ids,
        co_organisers=[CoOrganiser.model_validate(c, from_attributes=True) for c in row.co_organisers],
        place_department_id=row.place_department_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        facets=row.facets,
        plan_agreed=row.plan is not None and row.plan.agreed_at is not None,
        coordinated=row.coordinated_at is not None,
        approved_at=row.approved_at,
        approved_heads=row.approved_heads,
        number=row.number,
        pending_revision_id=row.pending_revision_id,
        version=row.version,
    )


async def visible(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which classes the caller may see."""
    if caller.kind in READ_DRAFTS:
        return true()
    packs = await list_packs_told(session)
    approved_here = [pack.cycle_id for pack in packs if caller.holds("approve_classes", pack)]
    own = caller.organisation_id
    return or_(
        Class.status != DRAFT,
        Class.filed_by == own,
        Class.lead_id == own,
        Class.organisers.any(ClassOrganiser.organisation_id == own),
        Class.cycle_id.in_(approved_here),
    )


async def shows_plan(session: AsyncSession, row: Class, caller: Caller) -> bool:
    """Tell whether the caller has a part in the class, consents to its plan, or holds an act over plans."""
    consenting = row.plan.consenting_ids if row.plan else ()
    if caller.organisation_id in {*row.party_ids, *consenting}:
        return True
    return caller.kind in READ_DRAFTS or await _holds_any(session, row, caller, PLAN_ACTS)


async def shows_names(session: AsyncSession, row: Class, caller: Caller) -> bool:
    """Tell whether the caller reads the names of lecturers: a party, the bureau, who agrees or approves."""
    own = caller.kind == "bureau" or caller.organisation_id in row.party_ids
    return own or await _holds_any(session, row, caller, NAMING_ACTS)


async def _holds_any(session: AsyncSession, row: Class, caller: Caller, acts: Iterable[str]) -> bool:
    packs = [pack for pack in await list_packs_told(session) if pack.cycle_id == row.cycle_id]
    # Who agrees and approves by the revision that judges the class must read its plan, too.
    packs.append((await get_kept_pack(session, row.cycle_id, row.revision)).pack)
    return any(caller.holds(act, pack) for pack in packs for act in acts)
