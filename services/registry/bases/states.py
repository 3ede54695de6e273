"""How a teaching base is stated: to everybody."""

from datetime import datetime

from services.registry.bases.models import TeachingBase
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.means import TeachingBaseState


def base_state(row: TeachingBase, at: datetime) -> Event:
    return state(
        TeachingBaseState.model_validate(row, from_attributes=True),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=(PUBLIC,),
    )
