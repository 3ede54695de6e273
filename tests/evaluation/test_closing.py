"""Closing, publishing, deciding and finalising a round: the outcome of C39 from scores to facts."""

from typing import Any

import pytest
from sqlalchemy import select

from services.evaluation.models import Round
from tests.evaluation.stage import NOW, Stage, bottom, problem

BELOW = {"rule": "below", "line": "80.00", "source": "N0000 一", "clause": ["C39"]}
DECISION: dict[str, Any] = {"suspended_ids": [], "reason": "复核后不予暂停"}


def suspended(results: dict[str, dict[str, Any]]) -> list[str]:
    return [one for one, result in results.items() if result["suspended"]]


@pytest.mark.clause("C39")
async def test_the_two_lowest_fall_whatever_their_scores(stage: Stage):
    closed = await stage.closed_round("99", "98", "97", "96")
    assert (closed["status"], closed["undecided_ids"], closed["scored"]) == ("scored", [], 4)
    results = await stage.results(closed)
    assert suspended(results) == stage.evaluated[2:]
    assert [one["rank"] for one in results.values()] == [1, 2, 3, 4]
    assert results[stage.evaluated[3]]["ground"] == "bottom_n"


@pytest.mark.clause("C39")
async def test_below_eighty_falls_and_eighty_passes(stage: Stage):
    rule = {**bottom(1), "rules": [BELOW]}
    await stage.revise(suspension=rule)
    closed = await stage.closed_round("80", "79.994", "79.995", "12")
    results = await stage.results(closed)
    assert [one["total"] for one in results.values()] == ["80.00", "79.99", "80.00", "12.00"]
    assert suspended(results) == [stage.evaluated[1], stage.evaluated[3]]
    assert [one["rank"] for one in results.values()] == [1, 3, 1, 4]


@pytest.mark.clause("C39")
async def test_every_result_is_explained_in_both_languages_with_rule_and_clause(stage: Stage):
    closed = await stage.closed_round("99", "98", "97", "96")
    standing, place = (await stage.results(closed))[stage.evaluated[3]]["reasons"]
    assert (standing["code"], standing["total"], standing["rank"]) == ("ranked", "96.00", 4)
    assert standing["zh"] == "总分 96.00，在 4 家中排第 4。"
    assert (place["code"], place["rule"], place["n"], place["clause"]) == (
        "among_lowest",
        "bottom_n",
        2,
        ["C39"],
    )
    assert place["en"] == "Among the 2 lowest."


async def test_nobody_falls_where_the_pack_suspends_nobody(stage: Stage):
    await stage.revise(suspension=None)
    closed = await stage.closed_round("10", "20", "30", "40")
    assert suspended(await stage.results(closed)) == []
    final = await stage.step(await stage.step(closed, "publication"), "finalisation")
    assert final["status"] == "final"
    assert await stage.said("evaluation.suspension_decided.v1") == []


@pytest.mark.clause("Q4")
@pytest.mark.parametrize("rule", [bottom(2), None])
async def test_an_unscored_institution_blocks_closing_unless_the_pack_says_otherwise(stage: Stage, rule: Any):
    await stage.revise(suspension=rule)
    opened = await stage.scored_round("99", "98", "97")
    answer = await stage.post(f"/{opened['id']}/closing")
    assert (answer.status_code, problem(answer)) == (409, "institutions-unscored")
    assert answer.json()["institution_ids"] == [stage.evaluated[3]]


@pytest.mark.clause("Q4")
async def test_an_unscored_institution_may_be_left_out(stage: Stage):
    await stage.revise(suspension=bottom(1, unscored="leave_out"))
    closed = await stage.closed_round("99", "98", "97")
    results = await stage.results(closed)
    assert suspended(results) == [stage.evaluated[2]]
    left = results[stage.evaluated[3]]
    assert (left["rank"], left["total"], left["attempts"]) == (None, None, 0)
    assert [one["code"] for one in left["reasons"]] == ["unscored_left_out"]


@pytest.mark.clause("Q4")
async def test_an_unscored_institution_may_count_as_the_lowest(stage: Stage):
    await stage.revise(suspension=bottom(1, unscored="lowest"))
    closed = await stage.closed_round("99", "98", "0")
    results = await stage.results(closed)
    assert suspended(results) == [stage.evaluated[3]]
    assert (results[stage.evaluated[3]]["rank"], results[stage.evaluated[3]]["total"]) == (4, None)


@pytest.mark.clause("C39", "Q3")
async def test_a_tie_across_the_cut_stops_for_a_decision(stage: Stage):
    published = await stage.published_round("99", "97", "97", "96")
    assert published["undecided_ids"] == stage.evaluated[1:3]
    assert suspended(await stage.results(published)) == [stage.evaluated[3]]
    refused = await stage.post(f"/{published['id']}/finalisation")
    assert (refused.status_code, problem(refused)) == (409, "tie-undecided")
    assert refused.json()["institution_ids"] == stage.evaluated[1:3]
    body = {"suspended_ids": [stage.evaluated[1]], "reason": "两次抽查不合格"}
    decided = await stage.step(published, "tie-decision", body)
    assert (decided["undecided_ids"], decided["tie_decision"]["reason"]) == ([], "两次抽查不合格")
    results = await stage.results(decided)
    assert [one["ground"] for one in results.values()] == [None, "decision", None, "bottom_n"]
    told = [results[one]["reasons"][-1] for one in stage.evaluated[1:3]]
    assert [one["code"] for one in told] == ["decided_suspended", "decided_spared"]
    assert all("两次抽查不合格" in one["zh"] for one in told)
    async with stage.database.read() as session:
        row = (await session.scalars(select(Round))).one()
    assert (row.tie_decided_by, row.tie_decided_at) == ("client-of-bureau", NOW)
    assert (await stage.step(decided, "finalisation"))["status"] == "final"


@pytest.mark.clause("Q3")
@pytest.mark.parametrize("count", [0, 1, 2])
async def test_how_many_of_the_tied_fall_is_for_the_decision(stage: Stage, count: int):
    closed = await stage.closed_round("99", "97", "97", "96")
    tied = closed["undecided_ids"][:count]
    decided = await stage.step(closed, "tie-decision", {"suspended_ids": tied, "reason": "复核"})
    assert suspended(await stage.results(decided)) == sorted([*tied, stage.evaluated[3]])


@pytest.mark.clause("Q3")
@pytest.mark.parametrize(("ties", "falls"), [("all", 3), ("none", 1)])
async def test_a_pack_may_settle_ties_itself(stage: Stage, ties: str, falls: int):
    await stage.revise(suspension=bottom(2, ties=ties))
    closed = await stage.closed_round("99", "97", "97", "96")
    assert closed["undecided_ids"] == []
    assert len(suspended(await stage.results(closed))) == falls


@pytest.mark.clause("C39")
async def test_too_few_institutions_stop_for_a_decision_where_the_pack_says_so(stage: Stage):
    await stage.revise(suspension=bottom(2, few=5))
    closed = await stage.closed_round("99", "98", "97", "96")
    assert closed["undecided_ids"] == stage.evaluated[2:]


async def test_a_decision_before_the_closing_is_refused(stage: Stage):
    opened = await stage.scored_round("99", "97", "97", "96")
    answer = await stage.post(f"/{opened['id']}/tie-decision", DECISION)
    assert (answer.status_code, problem(answer)) == (409, "round-still-open")


async def test_a_decision_about_nothing_is_refused(stage: Stage):
    clear = await stage.closed_round("99", "98", "97", "96")
    answer = await stage.post(f"/{clear['id']}/tie-decision", DECISION)
    assert (answer.status_code, problem(answer)) == (409, "nothing-undecided")


async def test_a_tie_is_decided_once(stage: Stage):
    closed = await stage.closed_round("99", "97", "97", "96")
    await stage.step(closed, "tie-decision", DECISION)
    answer = await stage.post(f"/{closed['id']}/tie-decision", DECISION)
    assert problem(answer) == "nothing-undecided"


async def test_a_decision_about_somebody_else_is_refused(stage: Stage):
    closed = await stage.closed_round("99", "97", "97", "96")
    named = [stage.evaluated[0], stage.evaluated[1], stage.evaluated[3]]
    answer = await stage.post(f"/{closed['id']}/tie-decision", {"suspended_ids": named, "reason": "复核"})
    assert (answer.status_code, problem(answer)) == (409, "not-undecided")
    assert answer.json()["institution_ids"] == [stage.evaluated[0], stage.evaluated[3]]
    assert suspended(await stage.results(closed)) == [stage.evaluated[3]]


@pytest.mark.parametrize("reason", ["", "  ", None])
async def test_a_decision_needs_a_reason(stage: Stage, reason: object):
    closed = await stage.closed_round("99", "97", "97", "96")
    answer = await stage.post(f"/{closed['id']}/tie-decision", {"suspended_ids": [], "reason": reason})
    assert answer.status_code == 422


@pytest.mark.clause("Q16")
async def test_who_has_scored_does_not_decide_the_tie(stage: Stage):
    await stage.give("decide_ties", "evaluator")
    closed = await stage.closed_round("99", "97", "97", "96")
    asking: dict[str, Any] = {"by": "evaluator", "of": stage.evaluator}
    answer = await stage.post(f"/{closed['id']}/tie-decision", DECISION, **asking)
    assert (answer.status_code, problem(answer)) == (403, "decider-has-scored")
    colleague = await stage.post(f"/{closed['id']}/tie-decision", DECISION, **asking, principal="colleague")
    assert colleague.status_code == 200


@pytest.mark.clause("Q17")
async def test_the_pack_says_who_decides_ties(stage: Stage):
    await stage.give("decide_ties", "talent_exchange_centre")
    closed = await stage.closed_round("99", "97", "97", "96")
    assert problem(await stage.post(f"/{closed['id']}/tie-decision", DECISION)) == "act-not-held"
    answer = await stage.post(
        f"/{closed['id']}/tie-decision", DECISION, by="talent_exchange_centre", of=stage.centre
    )
    assert answer.status_code == 200


async def test_an_assigned_evaluator_closes_its_round_and_goes_no_further(stage: Stage):
    opened = await stage.scored_round("99", "98", "97", "96")
    asking: dict[str, Any] = {"by": "evaluator", "of": stage.evaluator}
    other = await stage.post(f"/{opened['id']}/closing", by="evaluator", of=stage.other_evaluator)
    assert (other.status_code, problem(other)) == (404, "round-unknown")
    closed = await stage.post(f"/{opened['id']}/closing", **asking)
    assert (closed.status_code, closed.json()["status"]) == (200, "scored")
    for step in ("publication", "finalisation"):
        refused = await stage.post(f"/{opened['id']}/{step}", **asking)
        assert (refused.status_code, problem(refused)) == (403, "act-not-held")


async def test_an_institution_does_not_close_a_round(stage: Stage):
    opened = await stage.scored_round("99", "98", "97", "96")
    answer = await stage.post(f"/{opened['id']}/closing", by="institution", of=stage.institutions[0])
    assert (answer.status_code, problem(answer)) == (403, "act-not-held")


async def test_the_steps_come_in_order_and_once(stage: Stage):
    told = await stage.scored_round("99", "98", "97", "96")
    refusals = {
        "closing": "round-not-open",
        "publication": "round-not-scored",
        "finalisation": "round-not-published",
    }

    async def refused(*steps: str) -> None:
        for step in steps:
            answer = await stage.post(f"/{told['id']}/{step}")
            assert (answer.status_code, problem(answer)) == (409, refusals[step])

    await refused("publication", "finalisation")
    await stage.step(told, "closing")
    await refused("closing", "finalisation")
    await stage.step(told, "publication")
    await refused("closing", "publication")
    final = await stage.step(told, "finalisation")
    await refused("closing", "publication", "finalisation")
    instants = [final[one] for one in ("closed_at", "published_at", "finalised_at")]
    assert instants == ["2023-06-15T02:00:00Z"] * 3


@pytest.mark.clause("Q14")
async def test_a_round_is_judged_by_the_revision_under_which_it_was_opened(stage: Stage):
    opened = await stage.scored_round("99", "98", "97", "96")
    await stage.revise(suspension={**bottom(1), "rules": [BELOW]})
    closed = await stage.step(opened, "closing")
    assert (closed["revision"], len(suspended(await stage.results(closed)))) == (1, 2)


@pytest.mark.clause("C38", "C39", "Q14")
async def test_a_final_round_tells_every_institution_in_one_fact_and_each_suspension_in_its_own(stage: Stage):
    published = await stage.published_round("99", "97", "97", "96")
    assert await stage.said("evaluation.evaluation_completed.v1") == []
    body = {"suspended_ids": [stage.evaluated[2]], "reason": "复核"}
    await stage.step(published, "tie-decision", body)
    await stage.step(published, "finalisation")
    (completed,) = await stage.said("evaluation.evaluation_completed.v1")
    assert (completed["cycle"], completed["revision"]) == (stage.pack.cycle_id, 1)
    assert completed["needs"] == f"registry.cycle/{stage.pack.cycle_id}@1"
    assert completed["subject"] == f"evaluation.round/{published['id']}"
    rows = completed["data"]["rows"]
    assert [(one["institution_id"], one["total"], one["rank"], one["suspended"]) for one in rows] == [
        (stage.evaluated[0], 9900, 1, False),
        (stage.evaluated[1], 9700, 2, False),
        (stage.evaluated[2], 9700, 2, True),
        (stage.evaluated[3], 9600, 4, True),
    ]
    decided = await stage.said("evaluation.suspension_decided.v1")
    assert [(one["data"]["institution_id"], one["data"]["ground"]) for one in decided] == [
        (stage.evaluated[2], "decision"),
        (stage.evaluated[3], "bottom_n"),
    ]
    assert decided[0]["data"] | {"rank": 2, "total": 9700, "clause": ["C39"]} == decided[0]["data"]
    assert {one["data"]["evaluated_cycle_id"] for one in decided} == {stage.pack.cycle_id}
    assert {one["needs"] for one in decided} == {completed["needs"]}
