"""How a roster is told to the other services: its state, and the fact of its approval."""

from collections.abc import Sequence
from datetime import datetime

from services.enrollment.audiences import class_audience
from services.enrollment.plan import PlannedClass
from services.enrollment.rosters.models import Roster
from shared.events.enrollment import ROWS_PER_PART, ApprovedRow, RosterApproved, RosterState
from shared.events.envelope import Event, aggregate, fact, state


def roster_state(roster: Roster, planned: PlannedClass, at: datetime) -> Event:
    return state(
        RosterState.model_validate(roster, from_attributes=True),
        version=roster.version,
        at=at,
        cycle=roster.cycle_id,
        revision=roster.revision,
        audience=class_audience(planned),
    )


def roster_approved(
    roster: Roster, planned: PlannedClass, rows: Sequence[ApprovedRow], at: datetime
) -> list[Event]:
    """State the fact in parts; it rests on the class and the cycle that the approval was judged by."""
    chunks = [rows[start : start + ROWS_PER_PART] for start in range(0, len(rows), ROWS_PER_PART)]
    return [
        fact(
            RosterApproved(
                roster_id=roster.id, class_id=roster.class_id, number=roster.number, rows=list(chunk)
            ),
            subject=aggregate(RosterState.RESOURCE, roster.id),
            at=at,
            cycle=roster.cycle_id,
            revision=roster.revision,
            needs=planned.needs,
            part=part,
            parts=len(chunks),
        )
        for part, chunk in enumerate(chunks, start=1)
    ]
