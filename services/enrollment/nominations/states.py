"""How a nomination is told to the other services."""

from datetime import datetime

from services.enrollment.audiences import trainee_audience
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass
from shared.events.enrollment import NominationState
from shared.events.envelope import Event, state


def nomination_state(nomination: Nomination, planned: PlannedClass, at: datetime) -> Event:
    body = NominationState(
        id=nomination.id,
        cycle_id=nomination.cycle_id,
        class_id=nomination.class_id,
        person_id=nomination.person_id,
        enterprise_id=nomination.enterprise_id,
        department_id=nomination.department_id,
        channels=sorted(nomination.credits),
        target_group=nomination.target_group,
        status=nomination.status,
        findings=tuple(sorted({finding["code"] for finding in nomination.findings})),
    )
    return state(
        body,
        version=nomination.version,
        at=at,
        cycle=nomination.cycle_id,
        revision=nomination.revision,
        audience=trainee_audience(planned, [nomination.department_id]),
    )
