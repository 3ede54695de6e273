"""How cycles and the revisions of their packs are told to the other services: whole, to everybody."""

from datetime import datetime

from services.registry.cycles.domain import ONLY_VERSION
from services.registry.cycles.models import Cycle, PackRevision
from shared.events.audience import PUBLIC
from shared.events.envelope import Event, state
from shared.events.registry import CycleState, PackRevisionState, revision_id


def cycle_state(cycle: Cycle, kept: PackRevision, at: datetime) -> Event:
    body = CycleState(
        id=cycle.id,
        label=cycle.label,
        revision=cycle.revision,
        status=cycle.status,
        follows=cycle.follows,
        sha256=kept.sha256,
        pack=kept.document,
        closed_at=cycle.closed_at,
    )
    return state(
        body, version=cycle.version, at=at, cycle=cycle.id, revision=cycle.revision, audience=(PUBLIC,)
    )


def revision_state(kept: PackRevision, at: datetime) -> Event:
    """State a revision that is or was in force; it never changes, so this is its only version."""
    body = PackRevisionState(
        id=revision_id(kept.cycle_id, kept.revision),
        cycle_id=kept.cycle_id,
        revision=kept.revision,
        sha256=kept.sha256,
        pack=kept.document,
        reason=kept.reason,
        loaded_at=kept.loaded_at,
    )
    return state(
        body, version=ONLY_VERSION, at=at, cycle=kept.cycle_id, revision=kept.revision, audience=(PUBLIC,)
    )
