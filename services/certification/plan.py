"""What certification knows of the plan: classes, cycles with their packs, organisations, as copies.

A copy lags behind its owner: what is refused because of one is raised as `RestsOnCopy`, so that
the edge may wait for a newer copy and try again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.domain import ClassUnknown, CycleUnknown, OrganisationUnknown
from shared.copies import get_copies, get_copy, list_copies
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate
from shared.events.policy import CertificateRule, ConceptAbsent, PolicyPack, known_pack
from shared.events.registry import (
    ClassState,
    CycleState,
    OrganisationState,
    PackRevisionState,
    revision_id,
)


@dataclass(frozen=True)
class Cycle:
    """A cycle as its last copy shows it."""

    state: CycleState

    @property
    def pack(self) -> PolicyPack:
        return known_pack(self.state.sha256, self.state.pack)


@dataclass(frozen=True)
class PlannedClass:
    """A class as its last copy shows it, with its cycle."""

    state: ClassState
    version: int
    cycle: Cycle

    @property
    def pack(self) -> PolicyPack:
        return self.cycle.pack

    @property
    def rule(self) -> CertificateRule:
        """The pack's rule about certificates; a cycle may have none."""
        if self.pack.certificate is None:
            raise ConceptAbsent("certificate", self.pack.cycle_id)
        return self.pack.certificate

    @property
    def parties(self) -> frozenset[str]:
        """Every organisation with a role in the class; the department of the place has none (Q11)."""
        return parties_of(self.state)

    def refuse(self, refusal: Exception) -> RestsOnCopy:
        """Say no because of what the class is now; a newer copy may say otherwise."""
        return RestsOnCopy(refusal, aggregate(ClassState.RESOURCE, self.state.id), self.version)


async def find_cycle(session: AsyncSession, cycle_id: str) -> Cycle | None:
    copy = await get_copy(session, CycleState.RESOURCE, cycle_id)
    return None if copy is None else Cycle(CycleState.model_validate(copy.data))


async def find_revision(session: AsyncSession, cycle_id: str, revision: int) -> PackRevisionState | None:
    copy = await get_copy(session, PackRevisionState.RESOURCE, revision_id(cycle_id, revision))
    return None if copy is None else PackRevisionState.model_validate(copy.data)


async def get_cycle(session: AsyncSession, cycle_id: str) -> Cycle:
    cycle = await find_cycle(session, cycle_id)
    if cycle is None:
        raise RestsOnCopy(CycleUnknown(cycle_id), aggregate(CycleState.RESOURCE, cycle_id), 0)
    return cycle


async def list_cycles(session: AsyncSession) -> list[Cycle]:
    return [
        Cycle(CycleState.model_validate(one.data)) for one in await list_copies(session, CycleState.RESOURCE)
    ]


async def get_class(session: AsyncSession, class_id: str, *, held: bool = False) -> PlannedClass:
    return (await _classes(session, [class_id], held=held))[class_id]


async def hold_classes(session: AsyncSession, ids: Iterable[str]) -> dict[str, PlannedClass]:
    """Get classes as they are until the transaction ends; refused when one of them is unknown.

    Whoever states certificates holds their classes, before any other row: who brings a class of other
    parties locks its copy first.
    """
    return await _classes(session, ids, held=True)


async def _classes(session: AsyncSession, ids: Iterable[str], *, held: bool) -> dict[str, PlannedClass]:
    wanted = sorted(set(ids))
    copies = await get_copies(session, ClassState.RESOURCE, wanted, held=held)
    for class_id in wanted:
        if class_id not in copies:
            raise RestsOnCopy(ClassUnknown(class_id), aggregate(ClassState.RESOURCE, class_id), 0)
    states = {one: ClassState.model_validate(copy.data) for one, copy in copies.items()}
    cycles = {one: await get_cycle(session, one) for one in {state.cycle_id for state in states.values()}}
    return {
        one: PlannedClass(state, copies[one].version, cycles[state.cycle_id]) for one, state in states.items()
    }


async def get_organisations(session: AsyncSession, ids: list[str]) -> list[OrganisationState]:
    """Get organisations in the order asked for."""
    copies = await get_copies(session, OrganisationState.RESOURCE, ids)
    for one in ids:
        if one not in copies:
            raise RestsOnCopy(OrganisationUnknown(one), aggregate(OrganisationState.RESOURCE, one), 0)
    return [OrganisationState.model_validate(copies[one].data) for one in ids]


def parties_of(state: ClassState) -> frozenset[str]:
    named = {state.lead_id, *state.institution_ids, *(one.organisation_id for one in state.co_organisers)}
    return frozenset(named | {state.filed_by} if state.filed_by else named)
