"""HTTP in: incidents of financial discipline."""

from typing import Annotated

from fastapi import Query

from services.registry.discipline import commands, queries
from services.registry.discipline.schemas import IncidentView, RecordIncident, WithdrawIncident
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["financial discipline"])


@routes.post(
    "/v1/discipline-incidents",
    summary="Record a discipline incident",
    status_code=201,
    **callers(act="record_discipline"),
)
async def record_discipline_incident(
    body: RecordIncident, session: Writing, caller: Asking, now: Now
) -> IncidentView:
    """Record what happened, when, and by which decision it was found, against a class or an organisation."""
    return await commands.record_incident(session, body, caller=caller, now=now)


@routes.post(
    "/v1/discipline-incidents/{incident_id}/withdrawal",
    summary="Withdraw a discipline incident",
    **callers(act="record_discipline"),
)
async def withdraw_discipline_incident(
    incident_id: str, body: WithdrawIncident, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> IncidentView:
    """Take back an incident for a reason; it stays to be read."""
    return await commands.withdraw_incident(
        session, incident_id, body, caller=caller, now=now, if_match=if_match
    )


@routes.get("/v1/discipline-incidents", summary="List discipline incidents", **callers(signed_in=True))
async def list_discipline_incidents(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    class_id: Annotated[str | None, Query(max_length=36)] = None,
    organisation_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[IncidentView]:
    """List all incidents to the bureau and to whoever records them, to others what concerns them."""
    return await queries.list_incidents(
        session, paging, caller, cycle_id=cycle_id, class_id=class_id, organisation_id=organisation_id
    )


@routes.get(
    "/v1/discipline-incidents/{incident_id}", summary="Get a discipline incident", **callers(signed_in=True)
)
async def get_discipline_incident(incident_id: str, session: Reading, caller: Asking) -> IncidentView:
    """Get one incident."""
    return await queries.get_incident(session, incident_id, caller)
