"""Who sees what of a round, for answers and for the audience of states alike.

The bureau and whoever assigns evaluators, decides ties or tracks in the cycle, by its newest pack or by the
one under which the round was opened: all of it. An evaluator: the
rounds that it is assigned to, with their results. An institution, and the member bodies for which it
stands: the round, and its own result once that is published. Everybody else, the operator too: nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.domain import READING_ACTS, TOLD
from services.evaluation.models import Assignment, EvaluatedBody, Result, Round
from services.evaluation.plan import Cycle, judged_by, list_cycles
from shared.caller import Caller

_BLIND_KINDS = frozenset({"anonymous", "operator"})


@dataclass(frozen=True, slots=True)
class Sight:
    """What a caller sees: `own` names, by round, the institution that it is or belongs to.

    `judged` are rounds of which a former revision of the pack makes it a judge.
    """

    everything: bool = False
    cycle_ids: frozenset[str] = frozenset()
    judged: frozenset[str] = frozenset()
    assigned: frozenset[str] = frozenset()
    own: Mapping[str, str] = field(default_factory=dict)

    def rounds(self) -> ColumnElement[bool]:
        """Say which rounds are seen at all."""
        if self.everything:
            return true()
        return or_(
            Round.cycle_id.in_(self.cycle_ids), Round.id.in_({*self.judged, *self.assigned, *self.own})
        )

    def supervises(self, seen: Round) -> bool:
        """Tell whether the caller sees the round because of an act, not of a part in it."""
        return self.everything or seen.cycle_id in self.cycle_ids or seen.id in self.judged

    def sees_all_results(self, seen: Round) -> bool:
        return self.supervises(seen) or seen.id in self.assigned

    def results(self, seen: Round) -> ColumnElement[bool]:
        """Say which results of a round are seen."""
        if self.sees_all_results(seen):
            return true()
        return Result.institution_id == self.own[seen.id] if self._is_told(seen) else false()

    def undecided(self, seen: Round) -> list[str]:
        """List the undecided institutions of a round, as far as their results are seen."""
        if self.sees_all_results(seen):
            return seen.undecided_ids
        return [one for one in seen.undecided_ids if self._is_told(seen) and one == self.own[seen.id]]

    def _is_told(self, seen: Round) -> bool:
        return seen.status in TOLD and seen.id in self.own


async def sight_of(session: AsyncSession, caller: Caller) -> Sight:
    """Find what a caller sees."""
    if caller.kind in _BLIND_KINDS or caller.organisation_id is None:
        return Sight()
    if caller.kind == "bureau":
        return Sight(everything=True)
    cycles = await list_cycles(session)
    mine = select(Assignment.round_id).where(Assignment.evaluator_id == caller.organisation_id)
    about = select(EvaluatedBody.round_id, EvaluatedBody.institution_id).where(
        EvaluatedBody.organisation_id == caller.organisation_id
    )
    return Sight(
        cycle_ids=frozenset(one.state.id for one in cycles if _reads(caller, one)),
        judged=await _judged(session, caller, cycles),
        assigned=frozenset(await session.scalars(mine)),
        own={row.round_id: row.institution_id for row in await session.execute(about)},
    )


def _reads(caller: Caller, cycle: Cycle) -> bool:
    return any(caller.holds(act, cycle.pack) for act in READING_ACTS)


async def _judged(session: AsyncSession, caller: Caller, cycles: Sequence[Cycle]) -> frozenset[str]:
    """Find the rounds that were opened under a former revision and are the caller's to judge by it."""
    revised = {one.state.id: one for one in cycles if one.state.revision > 1}
    if not revised:
        return frozenset()
    opened = select(Round.id, Round.cycle_id, Round.revision).where(Round.cycle_id.in_(revised))
    rounds = (await session.execute(opened)).all()
    judging = {
        key: await judged_by(session, revised[key[0]], key[1])
        for key in {(row.cycle_id, row.revision) for row in rounds}
    }
    return frozenset(row.id for row in rounds if _reads(caller, judging[row.cycle_id, row.revision]))


@dataclass(frozen=True, slots=True)
class Parties:
    """The organisations of a round: its evaluators, and by institution the bodies that it stands for."""

    evaluators: frozenset[str]
    bodies: Mapping[str, frozenset[str]]

    @property
    def evaluated(self) -> frozenset[str]:
        return frozenset[str]().union(*self.bodies.values())


async def get_parties(session: AsyncSession, round_id: str) -> Parties:
    evaluators = select(Assignment.evaluator_id).where(Assignment.round_id == round_id)
    bodies = select(EvaluatedBody).where(EvaluatedBody.round_id == round_id)
    found: dict[str, set[str]] = {}
    for one in await session.scalars(bodies):
        found.setdefault(one.institution_id, set()).add(one.organisation_id)
    return Parties(
        frozenset(await session.scalars(evaluators)),
        {institution: frozenset(members) for institution, members in found.items()},
    )
