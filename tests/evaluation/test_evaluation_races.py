"""Many at the same instant: one round opens, one closing wins, scores and closing never overlap."""

import asyncio

import httpx
import pytest
from sqlalchemy import func, select

from services.evaluation.models import Attempt, Result, Round
from tests.evaluation.stage import Stage, problem, sheet
from tests.support.databases import until_somebody_waits

MANY = 6


def statuses(answers: list[httpx.Response]) -> list[int]:
    return sorted(one.status_code for one in answers)


async def test_of_rounds_opened_at_once_one_opens(stage: Stage):
    body = {"cycle_id": stage.pack.cycle_id}
    answers = await asyncio.gather(*(stage.post("", body) for _ in range(MANY)))
    assert statuses(answers) == [201] + [409] * (MANY - 1)
    assert {problem(one) for one in answers if one.status_code == 409} == {"round-already-open"}
    assert len(await stage.said("evaluation.round.state.v1")) == 1


@pytest.mark.parametrize(
    ("step", "refusal"), [("closing", "round-not-open"), ("publication", "round-not-scored")]
)
async def test_of_steps_taken_at_once_one_wins(stage: Stage, step: str, refusal: str):
    scores = ("99", "98", "97", "96")
    told = await (stage.scored_round(*scores) if step == "closing" else stage.closed_round(*scores))
    answers = await asyncio.gather(*(stage.post(f"/{told['id']}/{step}") for _ in range(MANY)))
    assert statuses(answers) == [200] + [409] * (MANY - 1)
    assert {problem(one) for one in answers if one.status_code == 409} == {refusal}


async def test_of_finalisations_at_once_one_tells_the_facts(stage: Stage):
    told = await stage.published_round("99", "98", "97", "96")
    answers = await asyncio.gather(*(stage.post(f"/{told['id']}/finalisation") for _ in range(MANY)))
    assert statuses(answers) == [200] + [409] * (MANY - 1)
    assert len(await stage.said("evaluation.evaluation_completed.v1")) == 1
    assert len(await stage.said("evaluation.suspension_decided.v1")) == 2


async def test_scores_at_once_are_attempts_without_a_gap(stage: Stage):
    opened = await stage.assigned_round()
    bodies = [[sheet(opened, stage.evaluated[0], str(80 + place))] for place in range(MANY)]
    answers = await asyncio.gather(*(stage.score(opened, body) for body in bodies))
    attempts = sorted(one.json()["results"][0]["value"]["attempt"] for one in answers)
    assert attempts == list(range(1, MANY + 1))
    async with stage.database.read() as session:
        counted = select(Attempt.total).order_by(Attempt.number.desc()).limit(1)
        latest = await session.scalar(counted)
        assert await session.scalar(select(Result.total).where(Result.attempts == MANY)) == latest
    assert (await stage.get(f"/{opened['id']}")).json()["scored"] == 1


async def test_two_assignments_of_one_evaluator_at_once_are_one(stage: Stage):
    opened = await stage.open()
    answers = await asyncio.gather(*(stage.assign(opened["id"]) for _ in range(MANY)))
    assert statuses(answers) == [201] + [409] * (MANY - 1)
    assert {problem(one) for one in answers if one.status_code == 409} == {"evaluator-already-assigned"}


async def test_scores_that_meet_a_closing_come_before_it_or_not_at_all(stage: Stage):
    opened = await stage.scored_round("99", "98", "97", "96")
    async with stage.database.write() as session:
        # A closing that has done its work and not yet committed.
        held = await session.get_one(Round, opened["id"], with_for_update=True)
        held.status = "scored"
        await session.flush()
        scoring = asyncio.create_task(stage.score(opened, [sheet(opened, stage.evaluated[0], "10")]))
        await until_somebody_waits(stage.database)
    answer = await scoring
    assert (answer.status_code, problem(answer)) == (409, "round-not-open")
    async with stage.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Attempt)) == 4
