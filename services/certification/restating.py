"""What a class of other parties than before changes here: who may see its certificates (Q11).

They are stated again, with the audience of now, in the transaction that brings the class. The runner holds
the copies of these classes: a command that states a certificate of one of them either is committed, and its
rows are raised here, or waits, and reads the parties of now.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.models import Certificate, CertificateBatch, HolderKey
from services.certification.plan import hold_classes, parties_of
from services.certification.states import batch_state, certificate_state
from shared.copies import Copy
from shared.events.registry import ClassState
from shared.listener import Brought
from shared.outbox import record

_RAISED: dict[str, Any] = {"synchronize_session": False, "populate_existing": True}


async def restate_classes(session: AsyncSession, brought: Sequence[Brought]) -> None:
    """State again what was issued to a class whose parties are others than those of the copy before."""
    times = {
        one.after.data["id"]: one.after.time
        for one in brought
        if one.after.subject.startswith(f"{ClassState.RESOURCE}/")
        and _parties(one.before) != parties_of(ClassState.model_validate(one.after.data))
    }
    if not times:
        return
    batches = update(CertificateBatch).where(CertificateBatch.class_id.in_(times))
    batches = batches.values(version=CertificateBatch.version + 1).returning(CertificateBatch)
    raised = (await session.scalars(batches.execution_options(**_RAISED))).all()
    if not raised:  # a certificate has a batch
        return
    certificates = update(Certificate).where(Certificate.class_id.in_(times))
    certificates = certificates.values(version=Certificate.version + 1).returning(Certificate)
    rows = (await session.scalars(certificates.execution_options(**_RAISED))).all()
    classes = await hold_classes(session, (batch.class_id for batch in raised))
    erased = await list_erased(session, {row.person_id for row in rows})
    await record(
        session,
        *(batch_state(batch, classes[batch.class_id], times[batch.class_id]) for batch in raised),
        *(
            certificate_state(row, classes[row.class_id], times[row.class_id], erased=row.person_id in erased)
            for row in rows
        ),
    )


async def list_erased(session: AsyncSession, person_ids: Collection[str]) -> set[str]:
    """List which of these holders are erased."""
    keyless = select(HolderKey.person_id).where(
        HolderKey.person_id.in_(person_ids), HolderKey.wrapped.is_(None)
    )
    return set(await session.scalars(keyless))


def _parties(before: Copy | None) -> frozenset[str] | None:
    return None if before is None else parties_of(ClassState.model_validate(before.data))
