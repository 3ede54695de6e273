"""What enrollment knows of the plan: classes and cycles with their packs, from its own copies.

A copy lags behind its owner: what is refused because of one is raised as `RestsOnCopy`, so that
the edge may wait for a newer copy and try again.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncSession

from shared.caller import Caller, CallerNotAllowed
from shared.copies import Copy, get_copies, get_copy, list_copies
from shared.edge import RestsOnCopy
from shared.events.envelope import Need, aggregate
from shared.events.policy import PolicyPack, known_pack
from shared.events.registry import (
    ClassState,
    CycleState,
    OrganisationState,
    PackRevisionState,
    revision_id,
)

TRAINING_KINDS = (
    "department",
    "institution",
    "talent_exchange_centre",
    "promotion_centre",
    "training_body",
    "service_body",
    "ministry_affiliate",
    "industry_organisation",
    "leading_enterprise",
)
"""Who may run, teach or fill a class, and so name enterprises; the class then decides by its own parties."""

_NEVER_TRAIN = frozenset({"bureau", "operator", "evaluator"})


def check_trains(caller: Caller) -> None:
    """Refuse who plans, runs the platform or evaluates. A kind that only some pack knows may train."""
    if caller.kind in _NEVER_TRAIN:
        raise CallerNotAllowed(kind=caller.kind, allowed=TRAINING_KINDS)


@dataclass(eq=False)
class ClassUnknown(Exception):
    class_id: str


@dataclass(eq=False)
class CycleUnknown(Exception):
    cycle_id: str


@dataclass(eq=False)
class CycleClosed(Exception):
    """The cycle has come to its end: nobody joins it any more."""

    cycle_id: str


@dataclass(eq=False)
class RevisionUnknown(Exception):
    """A revision of the cycle's pack has not arrived here, or not again."""

    cycle_id: str
    revision: int


@dataclass(eq=False)
class CallerDoesNotRunClass(Exception):
    class_id: str


@dataclass(frozen=True)
class Cycle:
    """A cycle as its last copy shows it; `former` is the revision that judges in the place of the newest.

    `stated_at` is when the registry said so: the last word about a closed cycle is that it was closed.
    """

    state: CycleState
    version: int
    stated_at: datetime
    former: PackRevisionState | None = None

    @cached_property
    def pack(self) -> PolicyPack:
        judging = self.former or self.state
        return known_pack(judging.sha256, judging.pack)

    @property
    def revision(self) -> int:
        return (self.former or self.state).revision

    @property
    def closed_at(self) -> datetime | None:
        """Tell when the cycle came to its end; of one that goes on nothing."""
        return (self.state.closed_at or self.stated_at) if self.state.status == "closed" else None

    def check_open(self) -> None:
        """Refuse what would add to a closed cycle; it is closed for good, so nobody waits."""
        if self.state.status == "closed":
            raise CycleClosed(cycle_id=self.state.id)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What a fact rests on that this pack has judged."""
        newest = (aggregate(CycleState.RESOURCE, self.state.id), self.version)
        if self.former is None:
            return (newest,)
        return (newest, (aggregate(PackRevisionState.RESOURCE, self.former.id), 1))


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
    def needs(self) -> tuple[Need, ...]:
        """What a fact about this class rests on."""
        return (self.need, *self.cycle.needs)

    @property
    def need(self) -> Need:
        return aggregate(ClassState.RESOURCE, self.state.id), self.version

    @property
    def runners(self) -> frozenset[str]:
        """The organisations that run the class: its lead, and the department that filed it (Q11)."""
        return frozenset({self.state.lead_id, *([self.state.filed_by] if self.state.filed_by else [])})

    @property
    def parties(self) -> frozenset[str]:
        """Every organisation with a role in the class; the department of the place has none (Q11)."""
        return parties_of(self.state)

    @cached_property
    def selectors(self) -> frozenset[str]:
        """The organisations that may put forward anyone: who runs the class, and its institutions (C34)."""
        return self.runners | frozenset(self.state.institution_ids)

    @property
    def adds_heads(self) -> bool:
        """Tell whether its trainees count toward the target of the cycle (C06, C26)."""
        return self.pack.class_kind(self.state.kind).counts_toward_target

    def check_runner(self, caller: Caller) -> None:
        """Refuse who neither leads the class nor filed it."""
        if caller.organisation_id not in self.runners:
            raise self.refuse_stranger(CallerDoesNotRunClass(class_id=self.state.id))

    def check_cycle_open(self) -> None:
        """Refuse what would bring trainees into a closed cycle."""
        self.cycle.check_open()

    def refuse(self, refusal: Exception) -> RestsOnCopy:
        """Say no because of what the class is now; a newer copy may say otherwise."""
        return RestsOnCopy(refusal, *self.need)

    def refuse_stranger(self, refusal: Exception) -> Exception:
        """Say no to who has no part in the class, which may change until the class is approved."""
        if self.state.status == "draft":  # of another's draft not even its existence is told
            return self.refuse(ClassUnknown(class_id=self.state.id))
        return self.refuse(refusal) if self.state.status == "returned" else refusal


def parties_of(state: ClassState) -> frozenset[str]:
    named = {state.lead_id, *state.institution_ids, *(one.organisation_id for one in state.co_organisers)}
    return frozenset(named | {state.filed_by} if state.filed_by else named)


async def get_cycle(session: AsyncSession, cycle_id: str) -> Cycle:
    copy = await get_copy(session, CycleState.RESOURCE, cycle_id)
    if copy is None:
        raise cycle_unknown(cycle_id)
    return _cycle(copy)


def cycle_unknown(cycle_id: str) -> RestsOnCopy:
    return RestsOnCopy(CycleUnknown(cycle_id=cycle_id), aggregate(CycleState.RESOURCE, cycle_id), 0)


def _cycle(copy: Copy) -> Cycle:
    return Cycle(CycleState.model_validate(copy.data), copy.version, copy.time)


async def judged_by(session: AsyncSession, planned: PlannedClass, revision: int) -> PlannedClass:
    """Get a class with the revision of the pack that judges what was submitted under it."""
    if revision == planned.cycle.revision:
        return planned
    cycle = planned.cycle.state
    former = None
    if revision != cycle.revision:
        wanted = revision_id(cycle.id, revision)
        copy = await get_copy(session, PackRevisionState.RESOURCE, wanted)
        if copy is None:
            lacking = aggregate(PackRevisionState.RESOURCE, wanted)
            raise RestsOnCopy(RevisionUnknown(cycle_id=cycle.id, revision=revision), lacking, 0)
        former = PackRevisionState.model_validate(copy.data)
    return replace(planned, cycle=replace(planned.cycle, former=former))


async def find_classes(
    session: AsyncSession, ids: Collection[str], *, held: bool = False
) -> dict[str, PlannedClass]:
    """Read the classes that are known here, in two queries however many they are.

    `held` keeps them as they are until the transaction ends. Whoever states what a class decides the
    audience of holds it, before any other row: who brings a class of other parties locks its copy first.
    """
    found = await get_copies(session, ClassState.RESOURCE, sorted(ids), held=held)
    states = {one: ClassState.model_validate(copy.data) for one, copy in found.items()}
    cycles = await get_copies(session, CycleState.RESOURCE, sorted({one.cycle_id for one in states.values()}))
    return {
        one: PlannedClass(state, found[one].version, _cycle(cycles[state.cycle_id]))
        for one, state in states.items()
        if state.cycle_id in cycles
    }


async def get_class(session: AsyncSession, class_id: str, *, held: bool = False) -> PlannedClass:
    found = await find_classes(session, [class_id], held=held)
    if class_id not in found:
        raise class_unknown(class_id)
    return found[class_id]


async def hold_classes(session: AsyncSession, ids: Collection[str]) -> dict[str, PlannedClass]:
    """Get these classes as they are until the transaction ends; refused when one of them is unknown."""
    found = await find_classes(session, ids, held=True)
    for class_id in sorted(set(ids) - found.keys()):
        raise class_unknown(class_id)
    return found


def class_unknown(class_id: str) -> RestsOnCopy:
    return RestsOnCopy(ClassUnknown(class_id=class_id), aggregate(ClassState.RESOURCE, class_id), 0)


async def get_organisations(session: AsyncSession, ids: Collection[str]) -> dict[str, OrganisationState]:
    """Read the organisations that are known here; the others are absent from the answer."""
    copies = await get_copies(session, OrganisationState.RESOURCE, sorted(ids))
    return {one: OrganisationState.model_validate(copy.data) for one, copy in copies.items()}


async def list_departments(session: AsyncSession) -> list[OrganisationState]:
    heard = await list_copies(session, OrganisationState.RESOURCE)
    known = (OrganisationState.model_validate(copy.data) for copy in heard)
    return [one for one in known if one.kind == "department"]


async def list_cycles(session: AsyncSession) -> list[Cycle]:
    return [_cycle(copy) for copy in await list_copies(session, CycleState.RESOURCE)]
