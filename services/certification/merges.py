"""Which ids are one holder: enrollment finds persons to be one, and parts them again.

A certificate keeps the id under which it was issued; whoever asks for the holder's erasure means all of them.
"""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.models import HolderMerge
from shared.database import upsert
from shared.events.enrollment import PersonsMerged, PersonsParted


async def note_merge(session: AsyncSession, merged: PersonsMerged) -> None:
    """Note that two ids are one holder, unless it was heard already that they are not."""
    row = {"survivor_id": merged.survivor_id, "retired_id": merged.retired_id, "undone": False}
    await session.execute(
        upsert(HolderMerge).values(merge_id=merged.merge_id, **row).on_conflict_do_nothing()
    )


async def note_parting(session: AsyncSession, parted: PersonsParted) -> None:
    """Note that two ids are two holders again."""
    row = {"survivor_id": parted.survivor_id, "retired_id": parted.retired_id, "undone": True}
    noted = upsert(HolderMerge).values(merge_id=parted.merge_id, **row)
    await session.execute(noted.on_conflict_do_update(index_elements=["merge_id"], set_={"undone": True}))


async def list_same_holder(session: AsyncSession, person_id: str) -> frozenset[str]:
    """List all ids of the holder who has this one."""
    known: frozenset[str] = frozenset()
    found = frozenset({person_id})
    while found != known:
        known = found
        linked = select(HolderMerge.survivor_id, HolderMerge.retired_id).where(
            HolderMerge.undone.is_(False),
            or_(HolderMerge.survivor_id.in_(known), HolderMerge.retired_id.in_(known)),
        )
        found = known.union(*await session.execute(linked))
    return found
