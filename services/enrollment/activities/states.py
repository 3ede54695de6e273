"""How an activity is told to the other services: to everybody who is signed in, for it names nobody."""

from datetime import datetime

from services.enrollment.activities.models import Activity
from shared.events.audience import PUBLIC
from shared.events.enrollment import ActivityState
from shared.events.envelope import Event, state


def activity_state(activity: Activity, at: datetime) -> Event:
    return state(
        ActivityState.model_validate(activity, from_attributes=True),
        version=activity.version,
        at=at,
        cycle=activity.cycle_id,
        revision=activity.revision,
        audience=[PUBLIC],
    )
