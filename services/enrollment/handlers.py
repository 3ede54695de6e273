"""Events in: copies of cycles, organisations and classes; certificates that were issued."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.commands import note_certificates
from services.enrollment.parties import keep_parties
from shared.events.certification import CertificateIssued
from shared.events.envelope import Event
from shared.events.registry import ClassState, CycleState, OrganisationState
from shared.listener import Brought, Listener

_KEEPERS = (keep_parties,)
"""What is kept beside the copies, in the order in which it is done."""


async def on_certificate_issued(session: AsyncSession, event: Event) -> None:
    issued = CertificateIssued.model_validate(event.data)
    await note_certificates(session, {row.enrolment_id: row.number for row in issued.rows}, event.time)


async def on_states(session: AsyncSession, brought: Sequence[Brought]) -> None:
    for keep in _KEEPERS:
        await keep(session, brought)


LISTENER = Listener(
    service="enrollment",
    states=frozenset({CycleState.RESOURCE, OrganisationState.RESOURCE, ClassState.RESOURCE}),
    handlers={CertificateIssued: on_certificate_issued},
    on_states=on_states,
)
