"""How a designation is told to the other services: to everybody once it is held, before to whom it concerns.

An application is seen by its institution and by whoever designates (C13).
"""

from datetime import datetime

from services.registry.designations.domain import HELD
from services.registry.designations.models import Designation
from shared.events.audience import PUBLIC, act_term, organisation_term
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
        audience=_readers(designation),
    )


def _readers(designation: Designation) -> tuple[str, ...]:
    if designation.status in HELD:
        return (PUBLIC,)
    selecting = act_term("designate_institutions", designation.cycle_id)
    return (organisation_term(designation.institution_id), selecting)
