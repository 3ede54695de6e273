"""Revise an approved class: propose, agree, coordinate, approve or decline, withdraw.

Each locks the class and then the revision, so that no class starts, is cancelled or returned meanwhile.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.drafts import check_arranged, keep_facts
from services.registry.classes.commands.plans import check_plan
from services.registry.classes.commands.readiness import Filing, check_ready, consented
from services.registry.classes.documents import Document, facts_of, held_plan, keep_plan, says_the_same
from services.registry.classes.domain import (
    APPROVED,
    AlreadyCoordinated,
    CoordinationNotAsked,
    NotCoordinated,
    PlanAlreadyAgreed,
    PlanNotAgreed,
    check_in,
)
from services.registry.classes.models import Class, ClassRevision, ClassRevisionReader
from services.registry.classes.revision_queries import Sight
from services.registry.classes.revision_states import lock_revision, restate_revision, state_revision
from services.registry.classes.revisions import (
    PLAN,
    AgreementNotAsked,
    ClassRevisionUnknown,
    check_capacity,
    check_changes,
    check_none_pending,
    check_pending,
    decide,
    find_changes,
    touches_agreement,
)
from services.registry.classes.schemas import ClassFacts, ProposeRevision
from services.registry.classes.states import keep_version, lock_class, require_party, restate
from services.registry.cycles.queries import get_pack
from shared.caller import Caller
from shared.events.envelope import aggregate, fact
from shared.events.registry import ClassRevised, ClassState
from shared.headers import check_version
from shared.outbox import record
from shared.sealed import Sealer


async def propose_revision(
    session: AsyncSession, asked: ProposeRevision, *, caller: Caller, sealer: Sealer, now: datetime
) -> ClassRevision:
    """Propose how an approved class would be; its filer or its lead does, and says why."""
    row = await lock_class(session, asked.class_id)
    require_party(row, caller, row.filed_by, row.lead_id)
    check_in(row.id, row.status, {APPROVED}, "revision")
    check_none_pending(row.id, row.pending_revision_id)
    # As what is filed: judged by the newest revision of the pack, from now on by that one.
    judged = await get_pack(session, row.cycle_id)
    given = asked.facts.model_dump() | {"lead_id": asked.facts.lead_id or row.lead_id}
    fixed = {"kind": row.kind, "arrangement": row.arrangement, "special_topic": row.special_topic}
    said = ClassFacts.model_validate(given | fixed)
    await check_arranged(session, said, judged.pack, row.cycle_id, row.filed_by)
    facts: Document = said.model_dump(mode="json")
    plan: Document | None = None
    changes = find_changes(facts_of(row), facts)
    if asked.plan is not None:
        written = await check_plan(session, asked.plan, judged.pack, sealer)
        if not says_the_same(held_plan(row.plan), written, sealer):
            plan, changes = written, [*changes, PLAN]
    check_changes(row.id, changes)
    check_capacity(said.capacity, row.approved_heads)
    touched = touches_agreement(changes)
    revision = ClassRevision(
        class_id=row.id,
        cycle_id=row.cycle_id,
        revision=judged.revision,
        reason=asked.reason,
        facts=facts,
        plan=plan,
        changes=changes,
        asks_agreement=touched and judged.pack.training_plan is not None,
        asks_coordination=touched and judged.pack.arrangement(row.kind, row.arrangement).coordinated,
        organisation_id=caller.organisation_id or "",
        proposed_at=now,
        proposed_by=caller.principal,
    )
    filing = _filing(row, revision)
    await check_ready(session, filing, judged.pack)
    revision.readers.extend(_readers(row, filing))
    session.add(revision)
    await state_revision(session, revision, now)
    row.pending_revision_id = revision.id
    await restate(session, row, now)
    return revision


async def agree_revision(
    session: AsyncSession, revision_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassRevision:
    """Agree to the plan of a revision, or to who would arrange the class."""
    _, revision = await _lock_for(session, revision_id, caller, if_match, act="agree_training_plans")
    if not revision.asks_agreement:
        raise AgreementNotAsked(revision_id)
    check_pending(revision_id, revision.status, "agreement")
    if revision.agreed_at is not None:
        raise PlanAlreadyAgreed(revision.class_id)
    revision.agreed_at, revision.agreed_by = now, caller.principal
    await restate_revision(session, revision, now)
    return revision


async def coordinate_revision(
    session: AsyncSession, revision_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassRevision:
    """Take what changes of a joint or commissioned class into the national coordination (C29)."""
    act = "coordinate_commissioned_classes"
    _, revision = await _lock_for(session, revision_id, caller, if_match, act=act)
    if not revision.asks_coordination:
        raise CoordinationNotAsked(revision.class_id)
    check_pending(revision_id, revision.status, "coordination")
    if revision.coordinated_at is not None:
        raise AlreadyCoordinated(revision.class_id)
    revision.coordinated_at, revision.coordinated_by = now, caller.principal
    await restate_revision(session, revision, now)
    return revision


async def approve_revision(
    session: AsyncSession, revision_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassRevision:
    """Approve a revision: the class is from now on what it says, and that is its next version."""
    row, revision = await _lock_for(session, revision_id, caller, if_match, act="approve_classes")
    revision.status = decide(revision_id, revision.status, "approval")
    check_in(row.id, row.status, {APPROVED}, "revision")
    said = ClassFacts.model_validate(revision.facts)
    check_capacity(said.capacity, row.approved_heads)
    pack = (await get_pack(session, row.cycle_id, revision.revision)).pack
    # Again, not only when it was proposed: a designation may have been suspended since.
    await check_ready(session, _filing(row, revision), pack)
    if revision.asks_agreement and revision.agreed_at is None:
        raise PlanNotAgreed(row.id)
    if revision.asks_coordination and revision.coordinated_at is None:
        raise NotCoordinated(row.id)
    await keep_facts(session, row, said, said.lead_id or row.lead_id)
    _follow(row, revision)
    keep_version(session, row, by=caller.principal, at=now, reason=revision.reason)
    _close(row, revision, caller, now)
    revision.number = row.number
    await restate_revision(session, revision, now)
    await restate(session, row, now)
    revised = ClassRevised(
        class_id=row.id, revision_id=revision.id, number=row.number, changes=tuple(revision.changes)
    )
    subject = aggregate(ClassState.RESOURCE, row.id)
    await record(session, fact(revised, subject=subject, at=now, cycle=row.cycle_id, revision=row.revision))
    return revision


async def decline_revision(
    session: AsyncSession,
    revision_id: str,
    reason: str,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> ClassRevision:
    """Decline a revision for a reason: the approved version stands."""
    row, revision = await _lock_for(session, revision_id, caller, if_match, act="approve_classes")
    revision.status = decide(revision_id, revision.status, "declining")
    revision.decision_reason = reason
    return await _end(session, row, revision, caller, now)


async def withdraw_revision(
    session: AsyncSession, revision_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassRevision:
    """Take back a revision that is not decided; the filer or the lead of the class does."""
    sight = await Sight.of(session, caller)
    found = await sight.find(session, revision_id)
    row = await lock_class(session, found.class_id)
    require_party(row, caller, row.filed_by, row.lead_id)
    revision = await lock_revision(session, revision_id)
    check_version(revision.version, if_match)
    revision.status = decide(revision_id, revision.status, "withdrawal")
    return await _end(session, row, revision, caller, now)


async def _lock_for(
    session: AsyncSession, revision_id: str, caller: Caller, if_match: int | None, *, act: str
) -> tuple[Class, ClassRevision]:
    """Lock a class and its revision for the one to whom the pack that judges it gives the act."""
    found = await session.get(ClassRevision, revision_id)
    if found is None:
        raise ClassRevisionUnknown(revision_id)
    pack = (await get_pack(session, found.cycle_id, found.revision)).pack
    if not caller.holds(act, pack):
        sight = await Sight.of(session, caller)
        await sight.find(session, revision_id)
        caller.require(act, pack)
    row = await lock_class(session, found.class_id)
    revision = await lock_revision(session, revision_id)
    check_version(revision.version, if_match)
    return row, revision


def _filing(row: Class, revision: ClassRevision) -> Filing:
    """Take the class as it would be; who proposes what parties are asked about consents by proposing."""
    touched = touches_agreement(revision.changes)
    plan: Document | None = revision.plan or held_plan(row.plan)
    return Filing(
        class_id=row.id,
        cycle_id=row.cycle_id,
        filed_by=row.filed_by,
        filer_id=revision.organisation_id if touched else row.filed_by,
        facts=revision.facts,
        plan=plan,
        consents=consented(row) if revision.plan is None else (),
    )


def _readers(row: Class, filing: Filing) -> list[ClassRevisionReader]:
    """Name who has a part in the class, or would have one."""
    reading = row.party_ids | filing.involved | set(filing.consenting_ids)
    return [ClassRevisionReader(organisation_id=one) for one in sorted(reading)]


def _follow(row: Class, revision: ClassRevision) -> None:
    """Let the plan and what was said to it follow the revision."""
    row.revision = revision.revision
    if revision.plan is not None:
        keep_plan(row, revision.plan)
    if revision.asks_agreement and row.plan is not None:
        row.plan.agreed_at, row.plan.agreed_by = revision.agreed_at, revision.agreed_by
    if revision.asks_coordination:
        row.coordinated_at, row.coordinated_by = revision.coordinated_at, revision.coordinated_by


def _close(row: Class, revision: ClassRevision, caller: Caller, now: datetime) -> None:
    revision.decided_at, revision.decided_by = now, caller.principal
    row.pending_revision_id = None


async def _end(
    session: AsyncSession, row: Class, revision: ClassRevision, caller: Caller, now: datetime
) -> ClassRevision:
    """Close a revision that changed nothing, and tell it."""
    _close(row, revision, caller, now)
    await restate_revision(session, revision, now)
    await restate(session, row, now)
    return revision
