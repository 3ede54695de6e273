"""How a completion is told to the other services: to whoever sees a trainee of its class."""

from collections.abc import Iterable
from datetime import datetime

from services.enrollment.audiences import trainee_audience
from services.enrollment.completion.models import Completion
from services.enrollment.plan import PlannedClass
from shared.events.enrollment import CompletionState
from shared.events.envelope import Event, state


def completion_state(
    completion: Completion, planned: PlannedClass, department_ids: Iterable[str], at: datetime
) -> Event:
    """State a completion; `department_ids` are the home departments of the trainees of its class."""
    return state(
        CompletionState.model_validate(completion, from_attributes=True),
        version=completion.version,
        at=at,
        cycle=completion.cycle_id,
        revision=completion.revision,
        audience=trainee_audience(planned, department_ids),
    )
