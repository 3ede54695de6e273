"""Opening a round: who is evaluated, by which indicators, under which rules (C38, Q5)."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.evaluation.domain import READING_ACTS, NobodyDesignated, RoundAlreadyOpen
from services.evaluation.models import EvaluatedBody, Result, Round
from services.evaluation.plan import (
    Organisations,
    check_active,
    get_cycle,
    get_organisations,
    list_designated,
)
from services.evaluation.scheme import get_scheme
from services.evaluation.sight import Parties
from services.evaluation.states import result_states, round_state
from shared.caller import Caller
from shared.database import Database
from shared.events.policy import ConceptAbsent, PolicyPack
from shared.outbox import record

SCHEME = "illustrative"


async def open_round(session: AsyncSession, *, cycle_id: str, caller: Caller, now: datetime) -> Round:
    """Begin the next round of a cycle about everybody who is designated in it, once per federation (Q5)."""
    cycle = await get_cycle(session, cycle_id)
    pack = cycle.pack
    caller.require("assign_evaluator", pack)
    check_active(cycle)
    if pack.evaluation is None:
        raise ConceptAbsent("evaluation", cycle_id)
    organisations = await get_organisations(session)
    designated = await list_designated(session, cycle_id)
    institutions = sorted({organisations.standing_for(one) for one in designated})
    if not institutions:
        raise cycle.refuse(NobodyDesignated(cycle_id))
    # The lock makes the number and the check below hold; the index guards both whatever happens.
    await Database.exclusive(session, f"rounds of {cycle_id}")
    if await session.scalar(select(Round.id).where(Round.cycle_id == cycle_id, Round.status != "final")):
        raise RoundAlreadyOpen(cycle_id)
    last = await session.scalar(select(func.max(Round.number)).where(Round.cycle_id == cycle_id))
    scheme = get_scheme(SCHEME)
    opened = Round(
        cycle_id=cycle_id,
        revision=cycle.state.revision,
        number=(last or 0) + 1,
        top_score=pack.evaluation.top_score,
        decimals=pack.evaluation.decimals,
        suspension=None if pack.suspension is None else pack.suspension.model_dump(mode="json"),
        scheme=scheme.code,
        indicators=scheme.adapted(pack),
        conflict_ids=_conflicts(pack, organisations, institutions),
        institutions=len(institutions),
        opened_at=now,
        opened_by=caller.principal,
    )
    session.add(opened)
    await session.flush()
    results = [Result(round_id=opened.id, cycle_id=cycle_id, institution_id=one) for one in institutions]
    bodies = {one: frozenset(organisations.bodies_of(one)) for one in institutions}
    session.add_all(results)
    session.add_all(
        EvaluatedBody(round_id=opened.id, organisation_id=body, institution_id=one)
        for one, members in bodies.items()
        for body in sorted(members)
    )
    await session.flush()
    parties = Parties(frozenset(), bodies)
    await record(session, round_state(opened, parties, now), *result_states(results, opened, parties, now))
    return opened


def _conflicts(pack: PolicyPack, organisations: Organisations, institutions: list[str]) -> list[str]:
    """List who is evaluated and at the same time reads or decides evaluations: flagged, not barred (Q12)."""
    conflicting = []
    for one in institutions:
        kind = organisations.get(one).kind
        hosted = {office.code for office in pack.offices if office.hosted_by == kind}
        if any(pack.may(act, kind=kind, offices=hosted, organisation_id=one) for act in READING_ACTS):
            conflicting.append(one)
    return conflicting
