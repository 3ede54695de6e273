"""How an incident is stated: to whom it concerns and to whoever records incidents in its cycle.

What happened stays in `registry`: the words are free.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.discipline.models import DisciplineIncident
from shared.events.audience import act_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.means import DisciplineIncidentState
from shared.outbox import record

ACT = "record_discipline"


async def restate(session: AsyncSession, row: DisciplineIncident, now: datetime) -> None:
    """Raise the version of a changed incident, or of a new one to its first, and state it."""
    row.version += 1
    await session.flush()
    await record(session, incident_state(row, now))


def incident_state(row: DisciplineIncident, at: datetime) -> Event:
    return state(
        DisciplineIncidentState.model_validate(row, from_attributes=True),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=(organisation_term(row.organisation_id), act_term(ACT, row.cycle_id)),
    )
