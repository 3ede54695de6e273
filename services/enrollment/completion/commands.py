"""Proposing who completed a class, and confirming it: one transaction closes every enrolment of the class."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from joserfc.jwk import KeySet
from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.completion.domain import (
    ClassNotFinished,
    CompletionNotFound,
    Criteria,
    ProposalOutdated,
    check_confirmer,
    check_finished,
    check_proposed,
)
from services.enrollment.completion.models import Completion, CompletionRow
from services.enrollment.completion.queries import Judged, judge_class
from services.enrollment.completion.states import completion_state
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import list_departments
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.learning.models import Session
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import open_name
from services.enrollment.plan import PlannedClass, get_class, judged_by
from services.enrollment.rosters.models import Roster
from shared.caller import Caller
from shared.database import Database
from shared.events.enrollment import (
    ROWS_PER_PART,
    CompletedRow,
    CompletionConfirmed,
    CompletionState,
    SealedName,
    name_purpose,
)
from shared.events.envelope import Event, aggregate, fact
from shared.headers import check_version
from shared.outbox import record
from shared.sealed import Sealer, seal_to

CONFIRM = "confirm_completion"


async def propose_completion(
    session: AsyncSession, caller: Caller, class_id: str, at: datetime
) -> Completion:
    """Compute who completed a finished class; a proposal that is not yet confirmed is replaced."""
    planned = await get_class(session, class_id, held=True)
    caller.require_organisation(planned.state.lead_id)
    # Of two first proposals the later one finds the earlier, and replaces it.
    await Database.exclusive(session, f"completion of {class_id}")
    try:
        check_finished(class_id, planned.state.status)
    except ClassNotFinished as refusal:
        raise planned.refuse(refusal) from None
    completion = await session.scalar(
        select(Completion).where(Completion.class_id == class_id).with_for_update()
    )
    if completion is not None:
        check_proposed(completion.id, completion.status)
    criteria, held, judged = await judge_class(session, planned)
    met = sum(one.judgement.met for one in judged)
    if completion is None:
        completion = Completion(
            cycle_id=planned.state.cycle_id,
            revision=planned.cycle.state.revision,
            class_id=class_id,
            criteria=asdict(criteria),
            held_minutes=held,
            completed=met,
            not_completed=len(judged) - met,
            proposed_by=caller.principal,
            proposed_at=at,
        )
        session.add(completion)
        await session.flush()
    else:
        await session.execute(delete(CompletionRow).where(CompletionRow.completion_id == completion.id))
        completion.revision = planned.cycle.state.revision
        completion.criteria, completion.held_minutes = asdict(criteria), held
        completion.completed, completion.not_completed = met, len(judged) - met
        completion.proposed_by, completion.proposed_at = caller.principal, at
        completion.version += 1
    await session.execute(insert(CompletionRow), _rows(completion.id, judged))
    departments = await list_departments(session, [class_id])
    await record(session, completion_state(completion, planned, departments[class_id], at))
    return completion


async def confirm_completion(
    session: AsyncSession,
    caller: Caller,
    completion_id: str,
    at: datetime,
    *,
    sealer: Sealer,
    name_seal: KeySet,
    if_match: int | None,
) -> Completion:
    """Make a proposal final, close the enrolments, and tell who completed (C40)."""
    class_id = await session.scalar(select(Completion.class_id).where(Completion.id == completion_id))
    if class_id is None:
        raise CompletionNotFound(completion_id=completion_id)
    newest = await get_class(session, class_id, held=True)
    completion = await session.get_one(Completion, completion_id, with_for_update=True)
    planned = await judged_by(session, newest, completion.revision)
    caller.require(CONFIRM, planned.pack)
    check_version(completion.version, if_match)
    check_proposed(completion.id, completion.status)
    check_confirmer(completion.id, caller.principal, completion.proposed_by)
    await _lock_class(session, class_id)
    await _check_current(session, completion, planned)
    completion.status = "confirmed"
    completion.confirmed_by, completion.confirmed_at = caller.principal, at
    completion.version += 1
    closed = await _close_enrolments(session, completion.id)
    rows = await _completed_rows(session, completion.id, sealer, name_seal)
    departments = await list_departments(session, [class_id])
    await record(
        session,
        completion_state(completion, planned, departments[class_id], at),
        *(enrolment_state(one, planned, at) for one in closed),
        *_confirmed(completion, planned, rows, at),
    )
    return completion


def _rows(completion_id: str, judged: Sequence[Judged]) -> list[dict[str, object]]:
    return [
        {
            "completion_id": completion_id,
            "position": position,
            "enrolment_id": one.enrolment_id,
            "person_id": one.person_id,
            "department_id": one.department_id,
            "minutes": one.minutes,
            "attendance_percent": one.judgement.attendance_percent,
            "met": one.judgement.met,
            "reasons": [asdict(reason) for reason in one.judgement.reasons],
        }
        for position, one in enumerate(judged, 1)
    ]


async def _lock_class(session: AsyncSession, class_id: str) -> None:
    """Let approvals and attendance that are under way finish; what comes later finds the class closed."""
    rosters = select(Roster.id).where(Roster.class_id == class_id).order_by(Roster.id)
    await session.execute(rosters.with_for_update())
    sessions = select(Session.id).where(Session.class_id == class_id).order_by(Session.id)
    await session.execute(sessions.with_for_update())
    enrolments = select(Enrolment.id).where(Enrolment.class_id == class_id).order_by(Enrolment.id)
    await session.execute(enrolments.with_for_update())


async def _check_current(session: AsyncSession, completion: Completion, planned: PlannedClass) -> None:
    """Refuse a proposal that would be another one if it were computed now."""
    criteria, held, judged = await judge_class(session, planned)
    proposed = select(
        CompletionRow.position, CompletionRow.enrolment_id, CompletionRow.minutes, CompletionRow.met
    )
    proposed = proposed.where(CompletionRow.completion_id == completion.id).order_by(CompletionRow.position)
    now = [
        (position, one.enrolment_id, one.minutes, one.judgement.met) for position, one in enumerate(judged, 1)
    ]
    then = [tuple(row) for row in await session.execute(proposed)]
    if (Criteria(**completion.criteria), completion.held_minutes, then) != (criteria, held, now):
        raise ProposalOutdated(completion_id=completion.id)


async def _close_enrolments(session: AsyncSession, completion_id: str) -> Sequence[Enrolment]:
    closing = (
        update(Enrolment)
        .where(Enrolment.id == CompletionRow.enrolment_id, CompletionRow.completion_id == completion_id)
        .values(
            status=case((CompletionRow.met, "completed"), else_="not_completed"),
            version=Enrolment.version + 1,
        )
        .returning(Enrolment)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return (await session.scalars(closing)).all()


async def _completed_rows(
    session: AsyncSession, completion_id: str, sealer: Sealer, name_seal: KeySet
) -> list[CompletedRow]:
    """List who completed, each with the name for the certificate, which certification alone can open."""
    met = (
        select(CompletionRow, Person)
        .join(Enrolment, Enrolment.id == CompletionRow.enrolment_id)
        # Whom the trainee is known as now: the person may have been merged since the proposal.
        .join(Person, Person.id == Enrolment.person_id)
        .where(CompletionRow.completion_id == completion_id, CompletionRow.met)
        .order_by(CompletionRow.position)
    )
    rows = []
    for row, person in await session.execute(met):
        sealed = seal_to(name_seal, open_name(sealer, person), name_purpose(row.enrolment_id))
        rows.append(
            CompletedRow(
                enrolment_id=row.enrolment_id,
                person_id=person.id,
                position=row.position,
                minutes=row.minutes,
                attendance_percent=row.attendance_percent,
                name=SealedName(**asdict(sealed)),
                department_id=row.department_id,
            )
        )
    return rows


def _confirmed(
    completion: Completion, planned: PlannedClass, rows: Sequence[CompletedRow], at: datetime
) -> list[Event]:
    """Tell it in parts; a class that nobody completed is told too, in one empty part."""
    parts = [rows[start : start + ROWS_PER_PART] for start in range(0, len(rows), ROWS_PER_PART)] or [rows]
    return [
        fact(
            CompletionConfirmed(completion_id=completion.id, class_id=completion.class_id, rows=list(part)),
            subject=aggregate(CompletionState.RESOURCE, completion.id),
            at=at,
            cycle=completion.cycle_id,
            revision=completion.revision,
            needs=planned.needs,
            part=number,
            parts=len(parts),
        )
        for number, part in enumerate(parts, 1)
    ]
