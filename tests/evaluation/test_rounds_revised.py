"""A corrected pack: an open round stays with whom the revision of its opening names."""

from typing import Any

import pytest

from tests.evaluation.stage import ASSIGNMENT, Stage, problem


@pytest.mark.clause("C01", "C38")
async def test_a_round_is_closed_and_seen_by_the_holder_of_its_revision(stage: Stage):
    await stage.give("assign_evaluator", "promotion_centre")
    promotion = {"by": "promotion_centre", "of": stage.promotion}
    made = await stage.post("", {"cycle_id": stage.pack.cycle_id}, **promotion)
    opened = made.json()
    assert (made.status_code, opened["revision"]) == (201, 2)
    await stage.give("assign_evaluator", "department")
    department = {"by": "department", "of": stage.department}

    seen = await stage.get(f"/{opened['id']}", **promotion)
    assert seen.json()["revision"] == 2
    assignment: dict[str, Any] = {"evaluator_id": stage.evaluator, **ASSIGNMENT, "interests": []}
    refused = await stage.post(f"/{opened['id']}/assignments", assignment, **department)
    assert (refused.status_code, problem(refused)) == (403, "act-not-held")
    done = await stage.post(f"/{opened['id']}/assignments", assignment, **promotion)
    assert done.status_code == 201, done.text


@pytest.mark.clause("C01", "C39")
async def test_a_final_round_rests_on_the_revision_that_judged_it(stage: Stage):
    published = await stage.published_round("99", "98", "97", "70")
    await stage.revise(suspension=None)
    final = await stage.step(published, "finalisation")
    assert (final["status"], final["revision"]) == ("final", 1)
    (completed,) = await stage.said("evaluation.evaluation_completed.v1")
    cycle_id = stage.pack.cycle_id
    assert completed["revision"] == 1
    assert completed["needs"] == f"registry.cycle/{cycle_id}@2 registry.pack_revision/{cycle_id}:1@1"


@pytest.mark.clause("C01")
async def test_the_next_round_is_opened_under_the_newest_revision(stage: Stage):
    published = await stage.published_round("99", "98", "97", "96")
    await stage.revise(suspension=None)
    await stage.step(published, "finalisation")
    assert (await stage.open())["revision"] == 2
