"""How a session is told to the other services: to whoever sees a trainee of its class."""

from collections.abc import Iterable
from datetime import datetime

from services.enrollment.audiences import trainee_audience
from services.enrollment.learning.domain import held_on
from services.enrollment.learning.models import Session
from services.enrollment.plan import PlannedClass
from shared.events.enrollment import SessionState
from shared.events.envelope import Event, state


def session_state(row: Session, planned: PlannedClass, department_ids: Iterable[str], at: datetime) -> Event:
    """State a session; `department_ids` are the home departments of the trainees of its class."""
    body = SessionState(
        id=row.id,
        class_id=row.class_id,
        title=row.title,
        mode=row.mode,
        minutes=row.minutes,
        starts_at=row.starts_at,
        held_on=held_on(row.starts_at, planned.pack.cycle.zone, row.attended),
        attended=row.attended,
        planned_visit=row.planned_visit,
    )
    return state(
        body,
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=trainee_audience(planned, department_ids),
    )
