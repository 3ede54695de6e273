"""Events in: what certification hears, and what it does about each fact."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.entitling import record_entitlements
from services.certification.erasing import erase_person
from services.certification.merges import note_merge, note_parting
from services.certification.parties import keep_parties
from services.certification.restating import restate_classes
from services.certification.settings import keys_of
from shared.events.enrollment import CompletionConfirmed, PersonErased, PersonsMerged, PersonsParted
from shared.events.envelope import Event
from shared.events.registry import ClassState, CycleState, OrganisationState, PackRevisionState
from shared.listener import Brought, Listener
from shared.settings import PlatformSettings


async def on_completion_confirmed(session: AsyncSession, event: Event) -> None:
    """Everybody in it is entitled to a certificate."""
    await record_entitlements(
        session,
        keys_of(PlatformSettings()),
        CompletionConfirmed.model_validate(event.data),
        cycle_id=str(event.cycle),
        part=event.part,
        parts=event.parts,
        at=event.time,
    )


async def on_persons_merged(session: AsyncSession, event: Event) -> None:
    await note_merge(session, PersonsMerged.model_validate(event.data))


async def on_persons_parted(session: AsyncSession, event: Event) -> None:
    await note_parting(session, PersonsParted.model_validate(event.data))


async def on_person_erased(session: AsyncSession, event: Event) -> None:
    """Destroy the key of the holder: what is issued stays checkable, without a name."""
    await erase_person(session, PersonErased.model_validate(event.data), event.time)


_HOOKS = (keep_parties, restate_classes)
"""What is done about copies that have been replaced by newer ones, in this order."""


async def on_states(session: AsyncSession, brought: Sequence[Brought]) -> None:
    for hook in _HOOKS:
        await hook(session, brought)


LISTENER = Listener(
    service="certification",
    states=frozenset(
        {
            CycleState.RESOURCE,
            PackRevisionState.RESOURCE,
            OrganisationState.RESOURCE,
            ClassState.RESOURCE,
        }
    ),
    handlers={
        CompletionConfirmed: on_completion_confirmed,
        PersonsMerged: on_persons_merged,
        PersonsParted: on_persons_parted,
        PersonErased: on_person_erased,
    },
    on_states=on_states,
)
