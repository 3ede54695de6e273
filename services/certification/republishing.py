"""What certification can state again for one consumer: everything that it owns and states."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.models import Certificate, CertificateBatch
from services.certification.plan import hold_classes
from services.certification.restating import list_erased
from services.certification.states import batch_state, certificate_state
from shared.events.certification import CertificateBatchState, CertificateState
from shared.events.envelope import Event
from shared.republish import Restated, next_rows


async def _batches(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, CertificateBatch, CertificateBatch.id, after)
    classes = await hold_classes(session, (row.class_id for row in rows))
    return [batch_state(row, classes[row.class_id], at) for row in rows]


async def _certificates(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, Certificate, Certificate.id, after)
    classes = await hold_classes(session, (row.class_id for row in rows))
    erased = await list_erased(session, {row.person_id for row in rows})
    return [certificate_state(row, classes[row.class_id], at, erased=row.person_id in erased) for row in rows]


RESTATED: Restated = {
    CertificateBatchState.RESOURCE: _batches,
    CertificateState.RESOURCE: _certificates,
}
