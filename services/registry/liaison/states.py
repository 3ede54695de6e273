"""How a liaison form is told to the other services: that it is there, to those who may read it (C19)."""

from datetime import datetime

from services.registry.liaison.models import LiaisonForm
from shared.events.audience import act_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.registry import LiaisonFormState

READING_ACTS = ("receive_liaison_forms", "track")


def form_state(form: LiaisonForm, revision: int, at: datetime) -> Event:
    """State a form whose newest version was submitted under `revision` of the pack."""
    readers = [act_term(act, form.cycle_id) for act in READING_ACTS]
    return state(
        LiaisonFormState.model_validate(form, from_attributes=True),
        version=form.version,
        at=at,
        cycle=form.cycle_id,
        revision=revision,
        audience=(organisation_term(form.department_id), *readers),
    )
