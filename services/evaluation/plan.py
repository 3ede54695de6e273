"""What evaluation knows of the plan, as copies: cycles, designations, classes, organisations.

A copy lags behind its owner: what is refused because of one is raised as `RestsOnCopy`, so that
the edge may wait for a newer copy and try again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.arrivals import ARRIVALS, NONE_YET
from services.evaluation.domain import (
    CycleNotActive,
    CycleUnknown,
    EvaluatorLinked,
    OrganisationUnknown,
    RevisionUnknown,
)
from shared.copies import Copy, get_copy, list_copies, read_copies
from shared.copywatch import RestsOnCopy
from shared.events.envelope import Need, aggregate
from shared.events.policy import PolicyPack, known_pack
from shared.events.registry import (
    ClassState,
    CycleState,
    DesignationState,
    OrganisationState,
    PackRevisionState,
    revision_id,
)

_HELD = frozenset({"designated", "suspended"})
"""What is no mere application."""


@dataclass(frozen=True)
class Cycle:
    """A cycle as its last copy shows it; `arrivals` counts what has arrived of its plan.

    `former` is the revision of its pack that judges in the place of the newest.
    """

    state: CycleState
    version: int
    arrivals: int = NONE_YET
    former: PackRevisionState | None = None

    @property
    def pack(self) -> PolicyPack:
        judging = self.former or self.state
        return known_pack(judging.sha256, judging.pack)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What a fact rests on that this pack has judged."""
        if self.former is None:
            return (self.need,)
        return (self.need, (aggregate(PackRevisionState.RESOURCE, self.former.id), 1))

    @property
    def need(self) -> Need:
        return aggregate(CycleState.RESOURCE, self.state.id), self.version

    def refuse(self, refusal: Exception) -> RestsOnCopy:
        """Say no because of all that is known of its designations and classes; more may be on its way."""
        return RestsOnCopy(refusal, aggregate(ARRIVALS, self.state.id), self.arrivals)

    def day_of(self, now: datetime) -> date:
        """Name the day of an instant in the zone of the cycle."""
        return now.astimezone(ZoneInfo(self.pack.cycle.zone)).date()


@dataclass(frozen=True)
class Organisations:
    """All organisations by id, with the bodies that belong together (Q5)."""

    states: Mapping[str, OrganisationState]
    versions: Mapping[str, int]

    def get(self, organisation_id: str) -> OrganisationState:
        if organisation_id not in self.states:
            raise RestsOnCopy(
                OrganisationUnknown(organisation_id),
                aggregate(OrganisationState.RESOURCE, organisation_id),
                0,
            )
        return self.states[organisation_id]

    def standing_for(self, organisation_id: str) -> str:
        """Name who is evaluated for an organisation: its federation, or itself; the notices nest once."""
        return self.get(organisation_id).parent_id or organisation_id

    def bodies_of(self, institution_id: str) -> list[str]:
        """List an institution and its member bodies."""
        members = (one.id for one in self.states.values() if one.parent_id == institution_id)
        return [institution_id, *sorted(members)]

    def kin_of(self, organisation_id: str) -> set[str]:
        """List an organisation, its federation and its member bodies."""
        return {self.standing_for(organisation_id), *self.bodies_of(organisation_id)}

    def check_unlinked(self, evaluator_id: str, evaluated: Collection[str], first: date, last: date) -> None:
        """Refuse an evaluator that is linked on one of these days with one of these, or with a body of one.

        A link is stated with one of the two and holds in both directions; it may have ended since.
        """
        for one in self.states.values():
            for link in one.links:
                linked = link.linked_id if one.id == evaluator_id else one.id
                lasts = link.starts_on <= last and (link.ends_on is None or link.ends_on >= first)
                concerned = lasts and evaluator_id in {one.id, link.linked_id}
                if concerned and not self.kin_of(linked).isdisjoint(evaluated):
                    refusal = EvaluatorLinked(evaluator_id, linked, link.id)
                    name = aggregate(OrganisationState.RESOURCE, one.id)
                    raise RestsOnCopy(refusal, name, self.versions[one.id])


async def get_cycle(session: AsyncSession, cycle_id: str) -> Cycle:
    """Get a cycle; what is asked of its plan afterwards is at least as new as `arrivals`."""
    name, mark = aggregate(CycleState.RESOURCE, cycle_id), aggregate(ARRIVALS, cycle_id)
    found = await read_copies(session, [name, mark])
    if name not in found:
        raise RestsOnCopy(CycleUnknown(cycle_id), name, 0)
    cycle = _cycle(found[name])
    return replace(cycle, arrivals=found[mark].version) if mark in found else cycle


async def judged_by(session: AsyncSession, cycle: Cycle, revision: int) -> Cycle:
    """Get a cycle with the revision of its pack that judges what was begun under it."""
    if revision == cycle.state.revision:
        return cycle
    wanted = revision_id(cycle.state.id, revision)
    copy = await get_copy(session, PackRevisionState.RESOURCE, wanted)
    if copy is None:
        lacking = aggregate(PackRevisionState.RESOURCE, wanted)
        raise RestsOnCopy(RevisionUnknown(cycle.state.id, revision), lacking, 0)
    return replace(cycle, former=PackRevisionState.model_validate(copy.data))


def check_active(cycle: Cycle) -> None:
    if cycle.state.status != "active":
        raise RestsOnCopy(CycleNotActive(cycle.state.id, cycle.state.status), *cycle.need)


async def list_cycles(session: AsyncSession) -> list[Cycle]:
    return [_cycle(one) for one in await list_copies(session, CycleState.RESOURCE)]


def _cycle(copy: Copy) -> Cycle:
    return Cycle(CycleState.model_validate(copy.data), copy.version)


async def list_designated(session: AsyncSession, cycle_id: str) -> list[str]:
    """List the organisations with a designation of the cycle, in force or suspended."""
    copies = await list_copies(session, DesignationState.RESOURCE)
    states = [DesignationState.model_validate(one.data) for one in copies]
    held = (one for one in states if one.cycle_id == cycle_id and one.status in _HELD)
    return sorted({one.institution_id for one in held})


async def list_classes(session: AsyncSession, cycle_id: str) -> list[ClassState]:
    copies = await list_copies(session, ClassState.RESOURCE)
    states = [ClassState.model_validate(one.data) for one in copies]
    return [one for one in states if one.cycle_id == cycle_id]


async def get_organisations(session: AsyncSession) -> Organisations:
    copies = await list_copies(session, OrganisationState.RESOURCE)
    states = [OrganisationState.model_validate(one.data) for one in copies]
    versions = {state.id: copy.version for state, copy in zip(states, copies, strict=True)}
    return Organisations({one.id: one for one in states}, versions)


def classes_of(organisation_id: str, classes: Iterable[ClassState]) -> list[str]:
    """List the classes in which an organisation has a role, be they filed or further."""
    firm = (one for one in classes if one.status not in {"draft", "cancelled"})
    return [one.id for one in firm if organisation_id in _parties_of(one)]


def _parties_of(state: ClassState) -> set[str | None]:
    partners = (one.organisation_id for one in state.co_organisers)
    return {state.lead_id, state.filed_by, *state.institution_ids, *partners}
