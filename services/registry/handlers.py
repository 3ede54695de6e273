"""Events in: what the registry hears of the other services."""

from collections import Counter

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.running import add_approved_heads
from services.registry.consequences.commands import complete_evaluation, suspend_institution
from services.registry.planning.taken import join, leave, seat
from services.registry.sweeping import TOPIC as SWEEPS
from services.registry.sweeping import sweep_by_the_clock
from shared.events.enrollment import (
    PersonsMerged,
    PersonsParted,
    RosterApproved,
    RosterState,
    TraineeWithdrawn,
)
from shared.events.envelope import Event
from shared.events.evaluation import EvaluationCompleted, SuspensionDecided
from shared.listener import Job, Listener


async def on_roster_approved(session: AsyncSession, event: Event) -> None:
    """Count the heads of an approved roster, part by part, and seat its trainees."""
    approved = RosterApproved.model_validate(event.data)
    await seat(session, approved.class_id, approved.rows)
    heads = sum(row.head for row in approved.rows)
    await add_approved_heads(session, {approved.class_id: heads}, event.time)


async def on_trainee_withdrawn(session: AsyncSession, event: Event) -> None:
    """Move the head of a trainee who left to the class of its heir, if it has one."""
    withdrawn = TraineeWithdrawn.model_validate(event.data)
    await leave(session, withdrawn.class_id, withdrawn.enrolment_id)
    moved: Counter[str] = Counter()
    if withdrawn.head:
        moved[withdrawn.class_id] -= 1
        if withdrawn.heir_class_id is not None:
            moved[withdrawn.heir_class_id] += 1
    await add_approved_heads(session, moved, event.time)


async def on_persons_merged(session: AsyncSession, event: Event) -> None:
    """Take away the heads of who was found to count already, and free the seats of joined enrolments."""
    merged = PersonsMerged.model_validate(event.data)
    await join(session, merged.joined, 1)
    await add_approved_heads(session, {one.class_id: one.change for one in merged.heads}, event.time)


async def on_persons_parted(session: AsyncSession, event: Event) -> None:
    """Count those again whose merge was undone, and seat them."""
    parted = PersonsParted.model_validate(event.data)
    await join(session, parted.joined, -1)
    await add_approved_heads(session, {one.class_id: one.change for one in parted.heads}, event.time)


async def on_evaluation_completed(session: AsyncSession, event: Event) -> None:
    """Show who was evaluated, and lift the suspensions that the round replaces."""
    if event.cycle is None:
        raise ValueError("an evaluation names its cycle")
    completed = EvaluationCompleted.model_validate(event.data)
    await complete_evaluation(session, completed, cycle_id=event.cycle, now=event.time)


async def on_suspension_decided(session: AsyncSession, event: Event) -> None:
    """Bar the institution from the cycle that follows."""
    decided = SuspensionDecided.model_validate(event.data)
    await suspend_institution(session, decided, revision=event.revision, now=event.time)


LISTENER = Listener(
    service="registry",
    states=frozenset({RosterState.RESOURCE}),
    handlers={
        RosterApproved: on_roster_approved,
        TraineeWithdrawn: on_trainee_withdrawn,
        PersonsMerged: on_persons_merged,
        PersonsParted: on_persons_parted,
        EvaluationCompleted: on_evaluation_completed,
        SuspensionDecided: on_suspension_decided,
    },
    jobs={"sweep": Job(SWEEPS, sweep_by_the_clock)},
)
