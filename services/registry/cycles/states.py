"""How a cycle is told to the other services: with its whole pack, to everybody."""

from datetime import datetime

from services.registry.cycles.models import Cycle, PackRevision
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import CycleState


def cycle_state(cycle: Cycle, kept: PackRevision, at: datetime) -> Event:
    body = CycleState(
        id=cycle.id,
        label=cycle.label,
        revision=cycle.revision,
        status=cycle.status,
        follows=cycle.follows,
        sha256=kept.sha256,
        pack=kept.document,
    )
    return state(
        body, version=cycle.version, at=at, cycle=cycle.id, revision=cycle.revision, audience=(PUBLIC,)
    )
