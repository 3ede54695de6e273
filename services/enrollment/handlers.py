"""Events in: copies of cycles, deadlines, organisations and classes; certificates; classes called off."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.departures.cancelling import withdraw_all
from services.enrollment.duplicates.finding import TOPIC as NOMINATIONS
from services.enrollment.duplicates.finding import find_when_due
from services.enrollment.enrolments.commands import note_certificates
from services.enrollment.erasures.clock import TOPIC as ERASURES
from services.enrollment.erasures.clock import EraseByTheClock
from services.enrollment.imports.running import TOPIC as IMPORTS
from services.enrollment.imports.running import run_imports
from services.enrollment.parties import keep_parties
from services.enrollment.restating import restate_classes
from services.enrollment.timelines.history import keep_history
from shared.events.certification import CertificateIssued
from shared.events.envelope import Event
from shared.events.registry import (
    ClassCancelled,
    ClassState,
    CycleState,
    DeadlineState,
    OrganisationState,
    PackRevisionState,
)
from shared.listener import Brought, Job, Listener


async def on_certificate_issued(session: AsyncSession, event: Event) -> None:
    issued = CertificateIssued.model_validate(event.data)
    await note_certificates(session, {row.enrolment_id: row.number for row in issued.rows}, event.time)


async def on_class_cancelled(session: AsyncSession, event: Event) -> None:
    await withdraw_all(session, ClassCancelled.model_validate(event.data).class_id, event.time)


_HOOKS = (keep_parties, restate_classes)
"""What is done about copies that have been replaced by newer ones, in this order."""


async def on_states(session: AsyncSession, brought: Sequence[Brought]) -> None:
    for hook in _HOOKS:
        await hook(session, brought)


async def on_heard(session: AsyncSession, states: Sequence[Event]) -> None:
    await keep_history(session, states)


LISTENER = Listener(
    service="enrollment",
    states=frozenset(
        {
            CycleState.RESOURCE,
            PackRevisionState.RESOURCE,
            DeadlineState.RESOURCE,
            OrganisationState.RESOURCE,
            ClassState.RESOURCE,
        }
    ),
    handlers={CertificateIssued: on_certificate_issued, ClassCancelled: on_class_cancelled},
    on_states=on_states,
    on_heard=on_heard,
    jobs={
        "imports": Job(IMPORTS, run_imports),
        "duplicates": Job(NOMINATIONS, find_when_due),
        "erasures": Job(ERASURES, EraseByTheClock()),
    },
)
