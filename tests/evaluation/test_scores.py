"""Scoring: who may, when, and what a sheet must hold (C38, Q6)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.evaluation.models import Attempt
from shared.ids import new_id
from tests.evaluation.stage import NOW, Stage, problem, sheet


@pytest.mark.clause("Q6")
async def test_a_sheet_is_rounded_half_up_at_submission_and_explained_by_its_scores(stage: Stage):
    opened = await stage.assigned_round()
    answer = await stage.score(opened, [sheet(opened, stage.evaluated[0], "87.125")])
    (scored,) = answer.json()["results"]
    assert scored["value"] == {"institution_id": stage.evaluated[0], "attempt": 1, "total": "87.13"}
    result = (await stage.results(opened))[stage.evaluated[0]]
    assert (result["attempts"], result["total"], result["rank"], result["suspended"]) == (
        1,
        "87.13",
        None,
        False,
    )
    assert {one["score"] for one in result["scores"]} == {"87.13"}
    assert {one["indicator"] for one in result["scores"]} == {one["code"] for one in opened["indicators"]}
    assert result["scores"][0]["evidence"] == "现场记录01"


@pytest.mark.clause("Q6")
async def test_the_weights_of_the_round_decide_the_total(stage: Stage):
    opened = await stage.assigned_round()
    weight = next(one["weight"] for one in opened["indicators"] if one["code"] == "5.1")
    await stage.score(opened, [sheet(opened, stage.evaluated[0], "0", **{"5.1": "100"})])
    assert (await stage.results(opened))[stage.evaluated[0]]["total"] == weight


async def test_attempts_are_only_added_and_the_latest_counts(stage: Stage):
    opened = await stage.assigned_round()
    for score in ("70", "90", "80"):
        await stage.score(opened, [sheet(opened, stage.evaluated[0], score)])
    result = (await stage.results(opened))[stage.evaluated[0]]
    assert (result["attempts"], result["total"], result["scores"][0]["score"]) == (3, "80.00", "80.00")
    async with stage.database.read() as session:
        kept = await session.execute(select(Attempt.number, Attempt.total).order_by(Attempt.number))
        assert [tuple(row) for row in kept] == [(1, 7000), (2, 9000), (3, 8000)]
    assert (await stage.get(f"/{opened['id']}")).json()["scored"] == 1


async def test_each_sheet_stands_by_itself(stage: Stage):
    opened = await stage.assigned_round()
    first, second, third, _ = stage.evaluated
    lame = sheet(opened, second, "90")
    lame["scores"].pop()
    answer = await stage.score(
        opened,
        [
            sheet(opened, first, "90"),
            lame,
            sheet(opened, first, "91"),
            sheet(opened, stage.members[0], "90"),
            sheet(opened, new_id(), "90"),
            sheet(opened, third, "100.000001"),
            sheet(opened, third, "100"),
        ],
    )
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [201, 422, 409, 404, 404, 422, 201]
    codes = [one["problem"]["type"].rpartition(":")[2] for one in results if one["problem"]]
    assert codes == [
        "indicators-missing",
        "institution-scored-twice",
        "institution-not-evaluated",
        "institution-not-evaluated",
        "score-too-high",
    ]
    assert results[1]["problem"]["errors"][0]["pointer"] == "/items/1/scores"
    shown = await stage.results(opened)
    assert {one["total"] for one in shown.values()} == {"90.00", "100.00", None}
    assert (await stage.get(f"/{opened['id']}")).json()["scored"] == 2


async def test_a_sheet_with_a_strange_or_repeated_indicator_is_refused(stage: Stage):
    opened = await stage.assigned_round()
    strange, repeated = (sheet(opened, stage.evaluated[0], "90") for _ in range(2))
    strange["scores"][0]["indicator"] = "4.2"
    repeated["scores"].append(repeated["scores"][0])
    assert problem(await stage.score(opened, [strange])) == "indicators-unknown"
    assert problem(await stage.score(opened, [repeated])) == "indicators-repeated"


@pytest.mark.parametrize(
    "score", ["87,5", "-1", "1e2", "87.1234567", "", " 87", "87.", ".5", "٨٧", 87.125, 87, None]
)
async def test_a_score_that_is_no_plain_decimal_text_refuses_the_request(stage: Stage, score: object):
    opened = await stage.assigned_round()
    body = sheet(opened, stage.evaluated[0], "90")
    body["scores"][0]["score"] = score
    answer = await stage.score(opened, [body])
    assert (answer.status_code, problem(answer)) == (422, "invalid-request")
    assert answer.json()["errors"][0]["pointer"] == "/items/0/scores/0/score"


@pytest.mark.parametrize("evidence", ["", "  ", None])
async def test_a_score_without_evidence_is_refused(stage: Stage, evidence: object):
    opened = await stage.assigned_round()
    body = sheet(opened, stage.evaluated[0], "90")
    body["scores"][0]["evidence"] = evidence
    assert (await stage.score(opened, [body])).status_code == 422


@pytest.mark.clause("C38")
@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2023, 5, 31, 15, 59, 59, tzinfo=UTC), 409),
        (datetime(2023, 5, 31, 16, tzinfo=UTC), 200),
        (datetime(2023, 6, 30, 15, 59, 59, tzinfo=UTC), 200),
        (datetime(2023, 6, 30, 16, tzinfo=UTC), 409),
    ],
)
async def test_an_evaluator_scores_on_the_days_of_its_assignment_in_the_zone_of_the_cycle(
    stage: Stage, now: datetime, status: int
):
    opened = await stage.assigned_round()
    answer = await stage.score(opened, [sheet(opened, stage.evaluated[0], "90")], now=now)
    assert answer.status_code == status
    if status == 409:
        assert problem(answer) == "outside-assignment"


async def test_only_an_assigned_evaluator_scores(stage: Stage):
    opened = await stage.assigned_round()
    body = [sheet(opened, stage.evaluated[0], "90")]
    other = await stage.score(opened, body, of=stage.other_evaluator)
    assert (other.status_code, problem(other)) == (404, "round-unknown")
    for kind in ("bureau", "talent_exchange_centre", "institution", "operator"):
        refused = await stage.score(opened, body, by=kind)
        assert (refused.status_code, problem(refused)) == (403, "caller-not-allowed")


async def test_an_evaluator_that_tracks_but_is_not_assigned_does_not_score(stage: Stage):
    await stage.give("track", "evaluator")
    opened = await stage.assigned_round()
    body = [sheet(opened, stage.evaluated[0], "90")]
    answer = await stage.score(opened, body, of=stage.other_evaluator)
    assert (answer.status_code, problem(answer)) == (404, "round-unknown")


async def test_a_closed_round_takes_no_scores(stage: Stage):
    closed = await stage.closed_round("90", "91", "92", "93")
    answer = await stage.score(closed, [sheet(closed, stage.evaluated[0], "95")])
    assert (answer.status_code, problem(answer)) == (409, "round-not-open")
    assert (await stage.results(closed))[stage.evaluated[0]]["total"] == "90.00"


@pytest.mark.clause("Q6")
async def test_the_scale_is_that_of_the_revision_under_which_the_round_was_opened(stage: Stage):
    opened = await stage.assigned_round()
    rule = {**stage.pack.document()["evaluation"], "top_score": 10, "decimals": 0}
    await stage.revise(evaluation=rule)
    answer = await stage.score(opened, [sheet(opened, stage.evaluated[0], "87.125")])
    assert answer.json()["results"][0]["value"]["total"] == "87.13"


async def test_a_pack_with_another_scale_is_scored_on_that(stage: Stage):
    await stage.revise(evaluation={**stage.pack.document()["evaluation"], "top_score": 10, "decimals": 1})
    opened = await stage.assigned_round()
    first, second, _, _ = stage.evaluated
    answer = await stage.score(opened, [sheet(opened, first, "9.25"), sheet(opened, second, "10.01")])
    assert answer.json()["results"][0]["value"]["total"] == "9.30"
    assert problem(answer) == "score-too-high"


async def test_scores_repeated_under_their_key_are_one_attempt(stage: Stage):
    opened = await stage.assigned_round()
    body = [sheet(opened, stage.evaluated[0], "90")]
    answers = [await stage.score(opened, body, headers={"Idempotency-Key": "sheet-1"}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert (await stage.results(opened))[stage.evaluated[0]]["attempts"] == 1


async def test_time_is_the_time_of_the_request(stage: Stage):
    opened = await stage.assigned_round()
    late = NOW + timedelta(days=1)
    await stage.score(opened, [sheet(opened, stage.evaluated[0], "90")], now=late)
    async with stage.database.read() as session:
        assert await session.scalar(select(Attempt.submitted_at)) == late
