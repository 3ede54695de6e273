"""Who sees what of a round, in answers and in the audience of states (C38)."""

from typing import Any

import pytest

from shared.ids import new_id
from tests.evaluation.stage import Stage, problem, sheet


def asker(stage: Stage, who: str) -> dict[str, Any]:
    return {
        "bureau": {"by": "bureau"},
        "operator": {"by": "operator"},
        "centre": {"by": "talent_exchange_centre", "of": stage.centre},
        "promotion": {"by": "promotion_centre", "of": stage.promotion},
        "department": {"by": "department", "of": stage.department},
        "evaluator": {"by": "evaluator", "of": stage.evaluator},
        "stranger": {"by": "evaluator", "of": stage.other_evaluator},
        "institution": {"by": "institution", "of": stage.evaluated[0]},
        "federation": {"by": "institution", "of": stage.federation},
        "member": {"by": "institution", "of": stage.members[0]},
        "other": {"by": "institution", "of": new_id()},
    }[who]


SEE = ("bureau", "centre", "evaluator", "institution", "federation", "member")
BLIND = ("operator", "promotion", "department", "stranger", "other")


@pytest.mark.clause("C38", "Q5")
@pytest.mark.parametrize("who", [*SEE, *BLIND])
async def test_a_round_is_seen_by_who_has_a_part_in_it(stage: Stage, who: str):
    opened = await stage.assigned_round()
    asking, sees = asker(stage, who), who in SEE
    listed = (await stage.get(**asking)).json()["items"]
    assert [one["id"] for one in listed] == ([opened["id"]] if sees else [])
    for path in ("", "/results", "/assignments"):
        answer = await stage.get(f"/{opened['id']}{path}", **asking)
        assert answer.status_code == (200 if sees else 404)
        if not sees:
            assert problem(answer) == "round-unknown"


@pytest.mark.clause("C38")
async def test_an_institution_sees_its_own_result_once_it_is_published(stage: Stage):
    closed = await stage.closed_round("99", "97", "97", "96")
    for who in ("institution", "federation", "member"):
        assert await stage.results(closed, **asker(stage, who)) == {}
    await stage.step(closed, "publication")
    assert list(await stage.results(closed, **asker(stage, "institution"))) == [stage.evaluated[0]]
    for who in ("federation", "member"):
        assert list(await stage.results(closed, **asker(stage, who))) == [stage.federation]
    for who in ("bureau", "centre", "evaluator"):
        assert list(await stage.results(closed, **asker(stage, who))) == stage.evaluated


async def test_the_undecided_are_told_like_the_results(stage: Stage):
    closed = await stage.closed_round("99", "97", "97", "96")
    tied, spared = stage.evaluated[1], stage.evaluated[0]

    async def undecided(**asking: Any) -> list[str]:
        shown = (await stage.get(f"/{closed['id']}", **asking)).json()["undecided_ids"]
        assert (await stage.get(**asking)).json()["items"][0]["undecided_ids"] == shown
        return shown

    assert await undecided(by="institution", of=tied) == []
    await stage.step(closed, "publication")
    assert await undecided(by="institution", of=tied) == [tied]
    assert await undecided(by="institution", of=spared) == []
    assert await undecided(**asker(stage, "evaluator")) == stage.evaluated[1:3]


async def test_the_reason_of_a_tie_decision_is_told_to_who_sees_all_results(stage: Stage):
    closed = await stage.published_round("99", "97", "97", "96")
    await stage.step(closed, "tie-decision", {"suspended_ids": [], "reason": "复核"})
    shown = {
        who: (await stage.get(f"/{closed['id']}", **asker(stage, who))).json()["tie_decision"]
        for who in ("bureau", "evaluator", "institution")
    }
    assert shown["bureau"] == shown["evaluator"] == {"decided_at": "2023-06-15T02:00:00Z", "reason": "复核"}
    assert shown["institution"] is None


async def test_an_evaluator_sees_its_own_assignment_only(stage: Stage):
    opened = await stage.assigned_round()
    await stage.assign(opened["id"], evaluator_id=stage.other_evaluator)

    async def evaluators(who: str) -> set[str]:
        answer = await stage.get(f"/{opened['id']}/assignments", **asker(stage, who))
        return {one["evaluator_id"] for one in answer.json()["items"]}

    assert await evaluators("bureau") == {stage.evaluator, stage.other_evaluator}
    assert await evaluators("stranger") == {stage.other_evaluator}
    assert await evaluators("institution") == set()


async def test_rounds_need_a_signed_in_caller(stage: Stage):
    opened = await stage.open()
    for path in ("", f"/{opened['id']}", f"/{opened['id']}/results", f"/{opened['id']}/assignments"):
        answer = await stage.get(path, by="anonymous")
        assert (answer.status_code, problem(answer)) == (401, "sign-in-required")


async def test_lists_come_in_pages(stage: Stage):
    opened = await stage.open()
    first = (await stage.get(f"/{opened['id']}/results", limit=3)).json()
    second = (await stage.get(f"/{opened['id']}/results", limit=3, after=first["next"])).json()
    seen = [one["institution_id"] for one in (*first["items"], *second["items"])]
    assert (seen, second["next"]) == (stage.evaluated, None)


def terms(stage: Stage, *organisations: str) -> set[str]:
    acts = {f"act:{stage.pack.cycle_id}/{act}" for act in ("assign_evaluator", "decide_ties", "track")}
    return acts | {f"org:{one}" for one in organisations}


def audience(said: dict[str, Any]) -> set[str]:
    return set(said["audience"].split())


@pytest.mark.clause("C38")
async def test_the_audience_of_states_is_who_sees_the_resource(stage: Stage):
    opened = await stage.open()
    everybody = [*stage.evaluated, *stage.members]
    (round_said,) = await stage.said("evaluation.round.state.v1")
    assert audience(round_said) == terms(stage, *everybody)
    assert all(audience(one) == terms(stage) for one in await stage.said("evaluation.result.state.v1"))
    await stage.assign(opened["id"])
    (assigned,) = await stage.said("evaluation.assignment.state.v1")
    assert audience(assigned) == terms(stage, stage.evaluator)
    assert audience((await stage.said("evaluation.round.state.v1"))[-1]) == terms(
        stage, stage.evaluator, *everybody
    )
    told = (await stage.said("evaluation.result.state.v1"))[-4:]
    assert all(audience(one) == terms(stage, stage.evaluator) for one in told)


async def test_publication_states_every_result_again_for_its_institution(stage: Stage):
    closed = await stage.closed_round("99", "98", "97", "96")
    before = (await stage.said("evaluation.result.state.v1"))[-4:]
    assert all(audience(one) == terms(stage, stage.evaluator) for one in before)
    await stage.step(closed, "publication")
    told = {
        one["data"]["institution_id"]: one for one in (await stage.said("evaluation.result.state.v1"))[-4:]
    }
    assert sorted(told) == stage.evaluated
    for institution, one in told.items():
        bodies = [institution, *(stage.members if institution == stage.federation else [])]
        assert audience(one) == terms(stage, stage.evaluator, *bodies)


async def test_versions_of_every_aggregate_are_contiguous_and_shown(stage: Stage):
    opened = await stage.scored_round("99", "97", "97", "96")
    await stage.score(opened, [sheet(opened, stage.evaluated[0], "98")])
    await stage.step(opened, "closing")
    await stage.step(opened, "tie-decision", {"suspended_ids": [stage.evaluated[1]], "reason": "复核"})
    await stage.step(opened, "publication")
    final = await stage.step(opened, "finalisation")
    for resource in ("round", "assignment", "result"):
        versions: dict[str, list[int]] = {}
        for one in await stage.said(f"evaluation.{resource}.state.v1"):
            versions.setdefault(one["subject"], []).append(one["aggregateversion"])
        assert all(seen == list(range(1, len(seen) + 1)) for seen in versions.values())
    last = (await stage.said("evaluation.round.state.v1"))[-1]
    assert (last["aggregateversion"], last["data"]["status"]) == (final["version"], "final")
    assert (last["data"]["undecided"], last["data"]["scored"]) == (0, 4)
    results = {one["id"]: one for one in (await stage.results(final)).values()}
    said = {one["data"]["id"]: one for one in await stage.said("evaluation.result.state.v1")}
    for identifier, one in said.items():
        shown = results[identifier]
        assert (one["aggregateversion"], one["data"]["suspended"]) == (shown["version"], shown["suspended"])
        assert one["data"]["rank"] == shown["rank"]
