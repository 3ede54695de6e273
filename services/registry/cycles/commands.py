"""What can be asked of cycles: load a pack as a draft, put it in force, correct it.

Writing and activating packs belongs to the bureau, fixed by the platform (Q17).
"""

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.domain import (
    ACTIVE,
    CLOSED,
    CycleUnknown,
    check_activatable,
    check_active,
    check_correction,
    check_follower,
    check_replaceable,
)
from services.registry.cycles.models import Cycle, PackRevision
from services.registry.cycles.queries import find_follower
from services.registry.cycles.states import cycle_state, revision_state
from services.registry.deadlines.commands import refresh_deadlines
from services.registry.suspensions.commands import follow
from services.registry.suspensions.states import hold
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.events.policy import PolicyPack, known_pack, load_pack, parse_pack
from shared.headers import NOT_THERE, check_version
from shared.outbox import record


def read_pack(yaml: str | None, document: dict[str, Any] | None) -> PolicyPack:
    """Read a pack in either form; raises PackInvalid, which names every fault at its place."""
    return load_pack(yaml) if yaml is not None else parse_pack(document or {})


async def load_policy_pack(
    session: AsyncSession, pack: PolicyPack, *, caller: Caller, now: datetime, if_match: int | None
) -> str:
    """Keep a pack as the draft of its cycle, in place of the draft before; return the cycle id.

    Suspensions by the cycle that it follows have waited for it, and bar it from now on (Q14).
    """
    await hold(session)
    if pack.follows is not None:
        check_follower(pack.cycle_id, pack.follows, await find_follower(session, pack.follows))
    before: str | None = None
    cycle = Cycle(id=pack.cycle_id, label=pack.label, follows=pack.follows, loaded_at=now)
    if await insert_new(session, cycle):
        check_version(NOT_THERE, if_match)
        kept = PackRevision(
            cycle_id=pack.cycle_id,
            revision=cycle.revision,
            document=pack.document(),
            sha256=pack.sha256,
            loaded_at=now,
            loaded_by=caller.principal,
        )
        session.add(kept)
    else:
        cycle, kept = await _locked(session, pack.cycle_id)
        check_replaceable(cycle.id, cycle.status)
        check_version(cycle.version, if_match)
        before = cycle.follows
        cycle.label, cycle.follows, cycle.loaded_at = pack.label, pack.follows, now
        cycle.version += 1
        kept.document, kept.sha256 = pack.document(), pack.sha256
        kept.loaded_at, kept.loaded_by = now, caller.principal
    await _state(session, cycle, kept, now)
    await follow(session, cycle.id, before=before, after=pack.follows, now=now)
    return cycle.id


async def activate_policy_pack(
    session: AsyncSession, cycle_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> None:
    """Put a pack in force; from now on it and the ledger of its deadlines judge, and it is never changed."""
    cycle, kept = await _locked(session, cycle_id)
    check_activatable(cycle_id, cycle.status)
    check_version(cycle.version, if_match)
    cycle.status, cycle.activated_at, cycle.activated_by = ACTIVE, now, caller.principal
    cycle.version += 1
    await _state(session, cycle, kept, now)
    await record(session, revision_state(kept, now))
    pack = known_pack(kept.sha256, kept.document)
    await refresh_deadlines(session, pack, revision=kept.revision, now=now)


async def revise_policy_pack(
    session: AsyncSession,
    cycle_id: str,
    pack: PolicyPack,
    reason: str,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> int:
    """Put a corrected pack in force in the place of the present one; return the number of the revision.

    The present one stays readable, and judges what was submitted under it.
    """
    cycle, present = await _locked(session, cycle_id)
    check_active(cycle_id, cycle.status)
    check_version(cycle.version, if_match)
    check_correction(cycle_id, present.revision, parse_pack(present.document), pack)
    cycle.revision, cycle.loaded_at = present.revision + 1, now
    cycle.version += 1
    made = PackRevision(
        cycle_id=cycle_id,
        revision=cycle.revision,
        document=pack.document(),
        sha256=pack.sha256,
        loaded_at=now,
        loaded_by=caller.principal,
        reason=reason,
    )
    session.add(made)
    await _state(session, cycle, made, now)
    await record(session, revision_state(made, now))
    await refresh_deadlines(session, pack, revision=made.revision, now=now)
    return made.revision


async def lock_active(
    session: AsyncSession, cycle_id: str, if_match: int | None
) -> tuple[Cycle, PackRevision]:
    """Get a cycle in force for a change; who holds it with `hold_cycle` is waited for."""
    cycle, kept = await _locked(session, cycle_id)
    check_active(cycle_id, cycle.status)
    check_version(cycle.version, if_match)
    return cycle, kept


async def end_cycle(
    session: AsyncSession, cycle: Cycle, kept: PackRevision, *, caller: Caller, now: datetime
) -> None:
    """Close a locked cycle; whether nothing is left to be done in it was asked before."""
    cycle.status, cycle.closed_at, cycle.closed_by = CLOSED, now, caller.principal
    cycle.version += 1
    await _state(session, cycle, kept, now)


async def _locked(session: AsyncSession, cycle_id: str) -> tuple[Cycle, PackRevision]:
    cycle = await session.get(Cycle, cycle_id, with_for_update=True, populate_existing=True)
    if cycle is None:
        raise CycleUnknown(cycle_id)
    return cycle, await session.get_one(PackRevision, (cycle_id, cycle.revision))


async def _state(session: AsyncSession, cycle: Cycle, kept: PackRevision, now: datetime) -> None:
    await session.flush()
    await record(session, cycle_state(cycle, kept, now))
