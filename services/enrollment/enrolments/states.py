"""How an enrolment is told to the other services."""

from datetime import datetime

from services.enrollment.enrolments.models import Enrolment
from shared.events.enrollment import EnrolmentState
from shared.events.envelope import Event, state


def enrolment_state(enrolment: Enrolment, at: datetime) -> Event:
    body = EnrolmentState.model_validate(enrolment, from_attributes=True)
    return state(
        body, version=enrolment.version, at=at, cycle=enrolment.cycle_id, revision=enrolment.revision
    )
