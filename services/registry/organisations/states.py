"""How organisations and offices are told to the other services: to everybody."""

from datetime import datetime

from services.registry.organisations.models import Office, Organisation
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import OfficeState, OrganisationState


def organisation_state(organisation: Organisation, at: datetime) -> Event:
    body = OrganisationState.model_validate(organisation, from_attributes=True)
    return state(body, version=organisation.version, at=at, audience=(PUBLIC,))


def office_state(office: Office, at: datetime) -> Event:
    body = OfficeState.model_validate(office, from_attributes=True)
    return state(body, version=office.version, at=at, audience=(PUBLIC,))
