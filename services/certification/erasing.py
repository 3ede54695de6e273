"""Erasing a holder: the key goes, and with it every name; what is issued stays checkable (PIPL 47).

All certificates of the person, under whichever id, show no name from then on, so all of them change.
Enrollment erases a person after its own rules; the key goes with the person, and no later event brings it
back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.merges import list_same_holder
from services.certification.models import Certificate, Entitlement, HolderKey
from services.certification.plan import hold_classes
from services.certification.states import certificate_state
from shared.database import upsert
from shared.events.enrollment import PersonErased
from shared.outbox import record


async def lock_holder(
    session: AsyncSession, person_ids: Collection[str], tombstones: Sequence[Mapping[str, object]] = ()
) -> tuple[list[HolderKey], list[Certificate]]:
    """Lock the keys and certificates of a holder, and take the names away; give both.

    `tombstones` are put where there is no key.
    """
    ids = sorted(person_ids)
    named = select(Certificate.class_id).where(Certificate.person_id.in_(ids)).distinct()
    await hold_classes(session, (await session.scalars(named)).all())
    if tombstones:
        await session.execute(upsert(HolderKey).on_conflict_do_nothing(), tombstones)
    # First the key: a completion that arrives holds it until the names it brings are there to be erased.
    keys = select(HolderKey).where(HolderKey.person_id.in_(ids)).order_by(HolderKey.person_id)
    holders = (await session.scalars(keys.with_for_update().execution_options(populate_existing=True))).all()
    # Then the names: issuing holds them until its certificates are there to be stated.
    names = update(Entitlement).where(Entitlement.person_id.in_(ids))
    await session.execute(names.values(name=None))
    held = select(Certificate).where(Certificate.person_id.in_(ids)).order_by(Certificate.id)
    certificates = await session.scalars(held.with_for_update().execution_options(populate_existing=True))
    return list(holders), list(certificates)


async def destroy_keys(
    session: AsyncSession,
    holders: Collection[HolderKey],
    certificates: Collection[Certificate],
    by: str,
    at: datetime,
) -> bool:
    """Destroy the keys of a locked holder and state the certificates again; tell whether a key was left."""
    kept = [one for one in holders if one.wrapped is not None]
    if not kept:
        return False
    for one in kept:
        one.wrapped, one.erased_at, one.erased_by = None, at, by
    # Once more: while the key was waited for, a class may have been added.
    classes = await hold_classes(session, {one.class_id for one in certificates})
    for certificate in certificates:
        certificate.version += 1
    await session.flush()
    told = (certificate_state(one, classes[one.class_id], at, erased=True) for one in certificates)
    await record(session, *told)
    return True


async def erase_person(session: AsyncSession, erased: PersonErased, at: datetime) -> None:
    """Erase the holder whom enrollment erased, also one of whom nothing came yet, so that nothing will."""
    same: frozenset[str] = frozenset(erased.person_ids)
    for person_id in erased.person_ids:
        same |= await list_same_holder(session, person_id)
    by = f"enrollment/{erased.erasure_id}"
    tombstones = [
        {"person_id": one, "wrapped": None, "erased_at": at, "erased_by": by} for one in sorted(same)
    ]
    holders, certificates = await lock_holder(session, same, tombstones)
    await destroy_keys(session, holders, certificates, by, at)
