"""How a designation is told to the other services: to everybody (C13)."""

from datetime import datetime

from services.registry.designations.models import Designation
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import DesignationState


def designation_state(designation: Designation, at: datetime) -> Event:
    body = DesignationState.model_validate(designation, from_attributes=True)
    return state(
        body,
        version=designation.version,
        at=at,
        cycle=designation.cycle_id,
        revision=designation.revision,
        audience=(PUBLIC,),
    )
