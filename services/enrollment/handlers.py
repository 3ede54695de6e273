"""Events in: copies of cycles, organisations and classes; certificates that were issued."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.commands import note_certificates
from shared.events.certification import CertificateIssued
from shared.events.envelope import Event
from shared.events.registry import ClassState, CycleState, OrganisationState
from shared.listener import Listener


async def on_certificate_issued(session: AsyncSession, event: Event) -> None:
    issued = CertificateIssued.model_validate(event.data)
    await note_certificates(session, {row.enrolment_id: row.number for row in issued.rows}, event.time)


LISTENER = Listener(
    service="enrollment",
    states=frozenset({CycleState.RESOURCE, OrganisationState.RESOURCE, ClassState.RESOURCE}),
    handlers={CertificateIssued: on_certificate_issued},
)
