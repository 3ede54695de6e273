"""What a class of other parties than before changes here: who may see all that belongs to it (Q11).

The parties change until a class is approved. All its nominations, rosters, enrolments, sessions and its
completion are then stated again, with the audience of now, in the transaction that brings the class.
"""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.completion.models import Completion
from services.enrollment.completion.states import completion_state
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.queries import list_departments
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.learning.models import Session
from services.enrollment.learning.states import session_state
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.states import nomination_state
from services.enrollment.plan import hold_classes, parties_of
from services.enrollment.rosters.models import Roster
from services.enrollment.rosters.states import roster_state
from services.enrollment.tables import raise_versions
from shared.copies import Copy
from shared.events.registry import ClassState
from shared.listener import Brought
from shared.outbox import record


async def restate_classes(session: AsyncSession, brought: Sequence[Brought]) -> None:
    """State again what belongs to a class whose parties are others than those of the copy before.

    The runner holds the copies of these classes: a command that states something of one of them either is
    committed, and its rows are raised here, or waits, and reads the parties of now.
    """
    times = {
        one.after.data["id"]: one.after.time
        for one in brought
        if one.after.subject.startswith(f"{ClassState.RESOURCE}/")
        and _parties(one.before) != parties_of(ClassState.model_validate(one.after.data))
    }
    ids = sorted(times)
    if not ids:
        return
    # In the order in which a confirmation locks them.
    completions = await raise_versions(session, Completion, Completion.version, Completion.class_id.in_(ids))
    rosters = await raise_versions(session, Roster, Roster.version, Roster.class_id.in_(ids))
    sessions = await raise_versions(session, Session, Session.version, Session.class_id.in_(ids))
    enrolments = await raise_versions(session, Enrolment, Enrolment.version, Enrolment.class_id.in_(ids))
    nominations = await raise_versions(session, Nomination, Nomination.version, Nomination.class_id.in_(ids))
    named = {
        row.class_id for rows in (completions, rosters, sessions, enrolments, nominations) for row in rows
    }
    classes = await hold_classes(session, named)
    departments = await list_departments(session, named)
    await record(
        session,
        *(nomination_state(row, classes[row.class_id], times[row.class_id]) for row in nominations),
        *(roster_state(row, classes[row.class_id], times[row.class_id]) for row in rosters),
        *(enrolment_state(row, classes[row.class_id], times[row.class_id]) for row in enrolments),
        *(
            session_state(row, classes[row.class_id], departments[row.class_id], times[row.class_id])
            for row in sessions
        ),
        *(
            completion_state(row, classes[row.class_id], departments[row.class_id], times[row.class_id])
            for row in completions
        ),
    )


def _parties(before: Copy | None) -> frozenset[str] | None:
    return None if before is None else parties_of(ClassState.model_validate(before.data))
