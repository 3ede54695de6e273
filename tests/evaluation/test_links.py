"""A link on record with whom a round evaluates bars an evaluator, on the days on which it lasts (Q12)."""

from datetime import date

import pytest

from shared.events.envelope import Event, state
from shared.events.registry import Linked, OrganisationState
from shared.ids import new_id
from tests.evaluation.stage import NOW, Stage, problem, sheet


def linked(
    stage: Stage, one: str, kind: str, other: str, *days: date, version: int = 2, parent: str | None = None
) -> Event:
    """State an organisation with a link to another, from a day, and to a day if there are two."""
    starts_on, *ends = days or (date(2022, 1, 1),)
    link = Linked(id=new_id(), linked_id=other, starts_on=starts_on, ends_on=ends[0] if ends else None)
    body = OrganisationState(id=one, kind=kind, name_zh=kind, name_en=kind, parent_id=parent, links=(link,))
    return state(body, version=version, at=NOW)


@pytest.mark.clause("C38", "Q5", "Q12")
@pytest.mark.parametrize("side", ["evaluator", "institution", "member"])
async def test_a_link_bars_an_evaluator_under_whichever_of_the_two_it_is_recorded(stage: Stage, side: str):
    other = stage.members[0] if side == "member" else stage.institutions[1]
    said = {
        "evaluator": linked(stage, stage.evaluator, "evaluator", other),
        "institution": linked(stage, other, "institution", stage.evaluator),
        "member": linked(stage, other, "institution", stage.evaluator, parent=stage.federation),
    }[side]
    opened = await stage.open()
    await stage.hear(said)
    answer = await stage.assign(opened["id"])
    assert (answer.status_code, problem(answer)) == (409, "evaluator-linked")
    told = answer.json()
    assert told["organisation_id"] == other
    assert told["link_id"] == said.data["links"][0]["id"]
    assert "retry-after" in answer.headers
    assert (await stage.assign(opened["id"], evaluator_id=stage.other_evaluator)).status_code == 201


@pytest.mark.clause("Q12")
@pytest.mark.parametrize(
    ("days", "barred"),
    [
        ((date(2022, 1, 1), date(2023, 5, 31)), False),
        ((date(2022, 1, 1), date(2023, 6, 1)), True),
        ((date(2023, 6, 30),), True),
        ((date(2023, 7, 1),), False),
    ],
)
async def test_a_link_bars_on_the_days_on_which_it_lasts(
    stage: Stage, days: tuple[date, ...], *, barred: bool
):
    await stage.hear(linked(stage, stage.evaluator, "evaluator", stage.institutions[0], *days))
    answer = await stage.assign((await stage.open())["id"])
    assert answer.status_code == (409 if barred else 201)


async def test_a_link_with_somebody_else_bars_nobody(stage: Stage):
    await stage.hear(linked(stage, stage.evaluator, "evaluator", stage.department))
    assert (await stage.assign((await stage.open())["id"])).status_code == 201


@pytest.mark.clause("Q12")
async def test_a_link_recorded_after_the_assignment_keeps_the_evaluator_from_scoring_that_institution(
    stage: Stage,
):
    opened = await stage.assigned_round()
    first, second = stage.institutions[:2]
    await stage.hear(linked(stage, stage.evaluator, "evaluator", first))
    answer = await stage.score(opened, [sheet(opened, first, "90"), sheet(opened, second, "90")])
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [409, 201]
    assert results[0]["problem"]["type"].endswith("evaluator-linked")
