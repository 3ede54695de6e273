"""How a class is stated to the other services, and how its row is found and locked for a change."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.cancellation import check_seen
from services.registry.classes.documents import facts_of, shown_plan
from services.registry.classes.domain import DRAFT, EDITABLE, ClassOfOthers, ClassUnknown
from services.registry.classes.models import Class, ClassVersion, TrainingPlan
from services.registry.cycles.queries import get_pack
from services.registry.ledgers.states import follow_readers
from shared.caller import Caller
from shared.events.audience import PUBLIC, act_term, kind_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.policy import PolicyPack
from shared.events.registry import ClassState, CompletionCriteria, CoOrganiser, PlannedVisit
from shared.headers import check_version
from shared.outbox import record

Party = Literal["filed_by", "lead_id"]
"""What the caller's organisation must be to the class."""


async def lock_class(session: AsyncSession, class_id: str) -> Class:
    """Get a class for a change; whoever else wants to change it waits."""
    row = await session.get(Class, class_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ClassUnknown(class_id)
    return row


async def lock_classes(session: AsyncSession, class_ids: Collection[str]) -> Sequence[Class]:
    """Get several classes for a change, locked in the order of their ids; refused when one is unknown."""
    asked = select(Class).where(Class.id.in_(class_ids)).order_by(Class.id).with_for_update()
    rows = (await session.scalars(asked.execution_options(populate_existing=True))).all()
    for unknown in sorted(set(class_ids) - {row.id for row in rows}):
        raise ClassUnknown(unknown)
    return rows


async def lock_own(
    session: AsyncSession, class_id: str, caller: Caller, if_match: int | None, *parties: Party
) -> tuple[Class, PolicyPack]:
    """Lock a class for one of these parties, with the pack that judges it.

    The version is compared last: to others a class shows none.
    """
    row = await lock_class(session, class_id)
    require_party(row, caller, *(getattr(row, party) for party in parties))
    check_version(row.version, if_match)
    return row, await _pack_of(session, row)


async def lock_as_party(
    session: AsyncSession, class_id: str, caller: Caller, if_match: int | None
) -> tuple[Class, PolicyPack]:
    """Lock a class for one who has any part in it, with the pack that judges it."""
    row = await lock_class(session, class_id)
    require_party(row, caller, *row.party_ids)
    check_version(row.version, if_match)
    return row, await _pack_of(session, row)


async def lock_for(
    session: AsyncSession, class_id: str, caller: Caller, if_match: int | None, *, act: str
) -> tuple[Class, PolicyPack]:
    """Lock a class for the one to whom its pack gives the act, with that pack."""
    row = await lock_class(session, class_id)
    pack = await _pack_of(session, row)
    caller.require(act, pack)
    check_version(row.version, if_match)
    return row, pack


async def lock_to_cancel(session: AsyncSession, class_id: str, caller: Caller, if_match: int | None) -> Class:
    """Lock a class for its filer, its lead, or whoever approves classes, as its consequences were shown."""
    row = await lock_class(session, class_id)
    await _check_cancels(session, row, caller)
    check_seen(class_id, if_match)
    check_version(row.version, if_match)
    return row


async def find_to_cancel(session: AsyncSession, class_id: str, caller: Caller) -> tuple[Class, PolicyPack]:
    """Find a class for who may cancel it, with the pack that judges it; nothing is locked."""
    row = await session.get(Class, class_id)
    if row is None:
        raise ClassUnknown(class_id)
    return row, await _check_cancels(session, row, caller)


async def _check_cancels(session: AsyncSession, row: Class, caller: Caller) -> PolicyPack:
    pack = await _pack_of(session, row)
    if not caller.holds("approve_classes", pack):
        require_party(row, caller, row.filed_by, row.lead_id)
    return pack


async def _pack_of(session: AsyncSession, row: Class) -> PolicyPack:
    """Get the pack that judges a class: of the revision it was filed under; until then, the present one."""
    revision = None if row.status in EDITABLE else row.revision
    return (await get_pack(session, row.cycle_id, revision)).pack


def require_party(row: Class, caller: Caller, *organisation_ids: str) -> None:
    """Refuse who is none of these organisations; of another's draft not even its existence is told."""
    if caller.organisation_id in organisation_ids:
        return
    hidden = row.status == DRAFT and caller.organisation_id not in row.party_ids
    raise ClassUnknown(row.id) if hidden else ClassOfOthers(row.id)


def begin_anew(row: Class) -> None:
    """Take back what was said to a class that is returned: it is agreed, coordinated and approved anew."""
    row.coordinated_at = row.coordinated_by = None
    row.approved_at = row.approved_by = None
    if row.plan is not None:
        row.plan.agreed_at = row.plan.agreed_by = None


def keep_version(
    session: AsyncSession, row: Class, *, by: str, at: datetime, reason: str | None = None
) -> None:
    """Approve a class as it is: keep it as its next version, for ever."""
    row.number += 1
    row.approved_at, row.approved_by = at, by
    session.add(
        ClassVersion(
            class_id=row.id,
            number=row.number,
            revision=row.revision,
            facts=facts_of(row),
            plan=shown_plan(row),
            reason=reason,
            approved_at=at,
            approved_by=by,
        )
    )


async def restate(session: AsyncSession, row: Class, now: datetime) -> None:
    """Raise the version of a changed class and state it; its ledger is read by the parties of now."""
    row.version += 1
    await state_class(session, row, now)
    await follow_readers(session, row.id, row.party_ids, now)


async def state_class(session: AsyncSession, row: Class, now: datetime) -> None:
    await session.flush()
    await record(session, class_state(row, now))


def class_state(row: Class, at: datetime) -> Event:
    plan = row.plan
    body = ClassState(
        id=row.id,
        cycle_id=row.cycle_id,
        kind=row.kind,
        arrangement=row.arrangement,
        special_topic=row.special_topic,
        title_zh=row.title_zh,
        title_en=row.title_en,
        status=row.status,
        filed_by=row.filed_by,
        lead_id=row.lead_id,
        institution_ids=row.institution_ids,
        co_organisers=tuple(CoOrganiser.model_validate(c, from_attributes=True) for c in row.co_organisers),
        place_department_id=row.place_department_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        facets=row.facets,
        planned_minutes=0 if plan is None else plan.planned_minutes,
        completion=None if plan is None else CompletionCriteria.model_validate(plan, from_attributes=True),
        planned_visits=() if plan is None else tuple(_visits(plan)),
        approved_heads=row.approved_heads,
        number=row.number,
        pending_revision_id=row.pending_revision_id,
        cancelled_for=row.cancelled_for,
    )
    return state(
        body,
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=_draft_readers(row) if row.status == DRAFT else (PUBLIC,),
    )


def _visits(plan: TrainingPlan) -> Iterator[PlannedVisit]:
    for number, visit in enumerate(plan.base_visits, 1):
        yield PlannedVisit.model_validate({"number": number, **visit})


def _draft_readers(row: Class) -> tuple[str, ...]:
    """Name who finds a draft; of another's not even the existence is told."""
    return (
        *(organisation_term(one) for one in row.party_ids),
        act_term("approve_classes", row.cycle_id),
        kind_term("operator"),
    )
