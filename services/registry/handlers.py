"""Events in: what the registry hears of the other services."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.running import add_approved_heads
from shared.events.enrollment import RosterApproved
from shared.events.envelope import Event
from shared.listener import Listener


async def on_roster_approved(session: AsyncSession, event: Event) -> None:
    """Count the heads of an approved roster, part by part."""
    approved = RosterApproved.model_validate(event.data)
    heads = sum(row.head for row in approved.rows)
    if heads:
        await add_approved_heads(session, approved.class_id, heads, event.time)


LISTENER = Listener(service="registry", states=frozenset(), handlers={RosterApproved: on_roster_approved})
