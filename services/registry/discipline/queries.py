"""What the record tells: to the bureau all, to whoever records a cycle's, to others what concerns them."""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_told
from services.registry.discipline.domain import IncidentUnknown
from services.registry.discipline.models import DisciplineIncident
from services.registry.discipline.schemas import IncidentView
from services.registry.discipline.states import ACT
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def find_seen(session: AsyncSession, incident_id: str, caller: Caller) -> DisciplineIncident:
    seen = await _seen(session, caller)
    asked = select(DisciplineIncident).where(DisciplineIncident.id == incident_id, seen)
    found = await session.scalar(asked)
    if found is None:
        raise IncidentUnknown(incident_id)
    return found


async def get_incident(session: AsyncSession, incident_id: str, caller: Caller) -> IncidentView:
    return IncidentView.model_validate(await find_seen(session, incident_id, caller))


async def list_incidents(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    class_id: str | None,
    organisation_id: str | None,
) -> Page[IncidentView]:
    asked = select(DisciplineIncident).where(await _seen(session, caller))
    for column, wanted in (
        (DisciplineIncident.cycle_id, cycle_id),
        (DisciplineIncident.class_id, class_id),
        (DisciplineIncident.organisation_id, organisation_id),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    return await page(session, asked, [DisciplineIncident.id], paging, IncidentView.model_validate)


async def _seen(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which incidents the caller may read."""
    if caller.kind == "bureau":
        return true()
    packs = await list_packs_told(session)
    recording = [pack.cycle_id for pack in packs if caller.holds(ACT, pack)]
    concerned = DisciplineIncident.organisation_id == caller.organisation_id
    return or_(concerned, DisciplineIncident.cycle_id.in_(recording))
