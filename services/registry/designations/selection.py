"""Open selection: one applies, a third party assesses it, the holder decides (C13)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import PackInForce, get_pack, hold_cycle
from services.registry.designations.commands import add_designation, rule_of
from services.registry.designations.domain import (
    APPLIED,
    ASSESSED,
    DECLINED,
    DESIGNATED,
    DesignationStatus,
    Reason,
    check_assessed_on,
    check_evidence,
    check_may_teach,
    check_passed,
    check_reason,
    check_step,
)
from services.registry.designations.models import Designation, DesignationTurn
from services.registry.designations.queries import check_not_barred, find_seen, view
from services.registry.designations.schemas import (
    ApplyForDesignation,
    DecideApplication,
    DesignationView,
    RecordAssessment,
)
from services.registry.designations.states import designation_state
from services.registry.organisations.queries import get_organisation
from services.registry.suspensions.states import hold
from shared.caller import Caller
from shared.headers import check_version
from shared.outbox import record


async def apply_for_designation(
    session: AsyncSession, asked: ApplyForDesignation, *, caller: Caller, now: datetime
) -> DesignationView:
    """Apply for kinds of class; whether a suspension bars the institution is asked when it is decided."""
    await hold_cycle(session, asked.cycle_id)
    judged = await get_pack(session, asked.cycle_id)
    applicant = await get_organisation(session, caller.organisation_id or "")
    check_may_teach(applicant.id, applicant.kind)
    rule_of(judged.pack, asked.class_kinds)
    application = Designation(
        cycle_id=asked.cycle_id,
        revision=judged.revision,
        institution_id=applicant.id,
        class_kinds=list(dict.fromkeys(asked.class_kinds)),
        status=APPLIED,
        applied_at=now,
        version=0,
    )
    await add_designation(session, application)
    kept = await session.get_one(Designation, application.id)
    await _turn(session, kept, APPLIED, "applied", caller=caller, now=now)
    return await view(session, kept)


async def record_assessment(
    session: AsyncSession,
    designation_id: str,
    asked: RecordAssessment,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> DesignationView:
    """Record what the third party found; whoever designates does so."""
    known, judged = await _find(session, designation_id, caller)
    row = await _lock(session, known, if_match)
    check_step(row.id, row.status, needs=APPLIED, step="assessment")
    check_assessed_on(asked.assessed_on, now, judged.pack.cycle.zone)
    row.assessment_reference, row.assessor = asked.reference, asked.assessor
    row.assessed_on, row.assessment_result = asked.assessed_on, asked.result
    reason: Reason = "assessment_passed" if asked.result == "passed" else "assessment_failed"
    await _turn(session, row, ASSESSED, reason, reference=asked.reference, caller=caller, now=now)
    return await view(session, row)


async def decide_application(
    session: AsyncSession,
    designation_id: str,
    asked: DecideApplication,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> DesignationView:
    """Designate the institution or decline it, for a reason; both are for good."""
    await hold(session)
    await hold_cycle(session, (await find_seen(session, designation_id, caller)).cycle_id)
    known, judged = await _find(session, designation_id, caller)
    row = await _lock(session, known, if_match)
    check_step(row.id, row.status, needs=ASSESSED, step="decision")
    check_reason(asked.decision, asked.reason)
    if asked.decision == DESIGNATED:
        check_passed(row.id, row.assessment_result)
        rule = rule_of(judged.pack, row.class_kinds)
        check_evidence("selection_reference", asked.selection_reference, asked=rule.selection_reference)
        await check_not_barred(session, row.cycle_id, row.institution_id)
        row.designated_at, row.designated_by = now, caller.principal
    row.selection_reference = asked.selection_reference
    await _turn(
        session,
        row,
        DESIGNATED if asked.decision == DESIGNATED else DECLINED,
        asked.reason,
        words=asked.words,
        reference=asked.selection_reference,
        caller=caller,
        now=now,
    )
    return await view(session, row)


async def _find(
    session: AsyncSession, designation_id: str, caller: Caller
) -> tuple[Designation, PackInForce]:
    """Find an application for whoever designates, with the pack under which it was made."""
    known = await find_seen(session, designation_id, caller)
    judged = await get_pack(session, known.cycle_id, known.revision)
    caller.require("designate_institutions", judged.pack)
    return known, judged


async def _lock(session: AsyncSession, known: Designation, if_match: int | None) -> Designation:
    row = await session.get_one(Designation, known.id, with_for_update=True, populate_existing=True)
    check_version(row.version, if_match)
    return row


async def _turn(
    session: AsyncSession,
    row: Designation,
    status: DesignationStatus,
    reason: Reason,
    *,
    caller: Caller,
    now: datetime,
    words: str | None = None,
    reference: str | None = None,
) -> None:
    """Bring a designation into its next state, dated and with its reason, and state it."""
    row.status = status
    row.version += 1
    session.add(
        DesignationTurn(
            designation_id=row.id,
            version=row.version,
            status=status,
            reason=reason,
            words=words,
            reference=reference,
            at=now,
            entered_by=caller.principal,
        )
    )
    await session.flush()
    await record(session, designation_state(row, now))
