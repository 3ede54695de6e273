"""How evaluation says what it owns: rounds, assignments, results; and that a round is final.

The audience of a state is what `sight.py` answers, in terms: the acts that read a round, its evaluators,
the bodies that it is about. The bureau needs no term.
"""

from collections.abc import Iterable
from datetime import datetime

from services.evaluation.domain import READING_ACTS, TOLD
from services.evaluation.models import Assignment, Result, Round
from services.evaluation.sight import Parties
from shared.events.envelope import Event, Need, aggregate, fact, state
from shared.events.evaluation import (
    AssignmentState,
    EvaluatedRow,
    EvaluationCompleted,
    ResultState,
    RoundState,
    SuspensionDecided,
)


def round_state(told: Round, parties: Parties, at: datetime) -> Event:
    return state(
        RoundState.model_validate(told, from_attributes=True),
        version=told.version,
        at=at,
        cycle=told.cycle_id,
        revision=told.revision,
        audience=_acts(told) | _organisations(parties.evaluators | parties.evaluated),
    )


def assignment_state(assignment: Assignment, told: Round, at: datetime) -> Event:
    return state(
        AssignmentState.model_validate(assignment, from_attributes=True),
        version=assignment.version,
        at=at,
        cycle=told.cycle_id,
        revision=told.revision,
        audience=_acts(told) | _organisations({assignment.evaluator_id}),
    )


def result_states(results: Iterable[Result], told: Round, parties: Parties, at: datetime) -> list[Event]:
    """State results; from publication on each institution hears its own."""
    common = _acts(told) | _organisations(parties.evaluators)
    published = told.status in TOLD
    return [
        state(
            ResultState.model_validate(one, from_attributes=True),
            version=one.version,
            at=at,
            cycle=told.cycle_id,
            revision=told.revision,
            audience=common | _organisations(parties.bodies[one.institution_id]) if published else common,
        )
        for one in results
    ]


def final_facts(told: Round, results: Iterable[Result], needs: Iterable[Need], at: datetime) -> list[Event]:
    """Tell that a round is final, in one fact, and of each institution that is suspended for it."""
    rows = sorted(results, key=lambda one: one.institution_id)
    completed = EvaluationCompleted(
        round_id=told.id,
        number=told.number,
        rows=[EvaluatedRow.model_validate(one, from_attributes=True) for one in rows],
    )
    suspended = [
        SuspensionDecided(
            round_id=told.id,
            institution_id=one.institution_id,
            evaluated_cycle_id=told.cycle_id,
            ground=one.ground,
            total=one.total,
            rank=one.rank,
            clause=tuple(one.clause),
        )
        for one in rows
        if one.ground is not None
    ]
    return [
        fact(
            body,
            subject=aggregate(RoundState.RESOURCE, told.id),
            at=at,
            cycle=told.cycle_id,
            revision=told.revision,
            needs=needs,
        )
        for body in (completed, *suspended)
    ]


def _acts(told: Round) -> frozenset[str]:
    return frozenset(f"act:{told.cycle_id}/{act}" for act in READING_ACTS)


def _organisations(ids: Iterable[str]) -> frozenset[str]:
    return frozenset(f"org:{one}" for one in ids)
