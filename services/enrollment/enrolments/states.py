"""How an enrolment is told to the other services: its state, and the fact that a trainee has left."""

from datetime import datetime

from services.enrollment.audiences import trainee_audience
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.plan import PlannedClass
from shared.events.enrollment import EnrolmentState, TraineeWithdrawn
from shared.events.envelope import Event, aggregate, fact, state


def enrolment_state(enrolment: Enrolment, planned: PlannedClass, at: datetime) -> Event:
    return state(
        EnrolmentState.model_validate(enrolment, from_attributes=True),
        version=enrolment.version,
        at=at,
        cycle=enrolment.cycle_id,
        revision=enrolment.revision,
        audience=trainee_audience(planned, [enrolment.department_id]),
    )


def trainee_withdrawn(
    enrolment: Enrolment,
    planned: PlannedClass,
    *,
    head: bool,
    heir: tuple[Enrolment, PlannedClass] | None,
    replaced_by: str | None,
    at: datetime,
) -> Event:
    """Say that a trainee has left; it rests on the class, on the cycle, and on the class of the heir."""
    body = TraineeWithdrawn(
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        class_id=enrolment.class_id,
        head=head,
        heir_enrolment_id=heir[0].id if heir else None,
        heir_class_id=heir[0].class_id if heir else None,
        replaced_by=replaced_by,
    )
    return fact(
        body,
        subject=aggregate(EnrolmentState.RESOURCE, enrolment.id),
        at=at,
        cycle=enrolment.cycle_id,
        revision=enrolment.revision,
        needs={*planned.needs, *([heir[1].need] if heir else [])},
    )
