"""How organisations and offices are told to the other services: to everybody, without names of holders."""

from collections.abc import Iterable
from datetime import datetime

from services.registry.organisations.models import Office, OfficeHolder, Organisation, OrganisationLink
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import Linked, OfficeState, OrganisationState, SeatHeld


def organisation_state(
    organisation: Organisation, at: datetime, links: Iterable[OrganisationLink] = ()
) -> Event:
    """State an organisation with the days of its links; why they are on record stays in `registry`."""
    linked = tuple(Linked.model_validate(one, from_attributes=True) for one in links)
    body = OrganisationState.model_validate(organisation, from_attributes=True).model_copy(
        update={"links": linked}
    )
    return state(body, version=organisation.version, at=at, audience=(PUBLIC,))


def office_state(office: Office, at: datetime, holders: Iterable[OfficeHolder] = ()) -> Event:
    """State an office with the days of its holders."""
    held = tuple(SeatHeld.model_validate(one, from_attributes=True) for one in holders)
    body = OfficeState.model_validate(office, from_attributes=True).model_copy(update={"holders": held})
    return state(body, version=office.version, at=at, audience=(PUBLIC,))
