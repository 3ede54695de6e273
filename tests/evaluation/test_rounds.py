"""Opening a round and assigning evaluators: who is evaluated, by whom, and when (C38, Q5, Q12)."""

from datetime import date
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.evaluation.stage import ASSIGNMENT, Stage, problem


async def refusal(stage: Stage, **cycle: str) -> tuple[int, str]:
    answer = await stage.post("", {"cycle_id": stage.pack.cycle_id, **cycle})
    return answer.status_code, problem(answer)


@pytest.mark.clause("C38", "Q5")
async def test_a_round_is_about_everybody_designated_and_once_about_a_federation(stage: Stage):
    opened = await stage.open()
    assert opened["institution_ids"] == stage.evaluated
    assert (opened["status"], opened["number"], opened["institutions"], opened["scored"]) == ("open", 1, 4, 0)
    assert (opened["revision"], opened["version"], opened["undecided_ids"]) == (1, 1, [])
    assert list(await stage.results(opened)) == stage.evaluated


async def test_the_round_is_found_where_its_answer_says(stage: Stage):
    answer = await stage.post("", {"cycle_id": stage.pack.cycle_id})
    async with stage.asks() as bureau:
        shown = await bureau.get(answer.headers["location"])
    assert (shown.json(), shown.headers["etag"]) == (answer.json(), '"1"')
    listed = await stage.get(cycle_id=stage.pack.cycle_id)
    assert [one["id"] for one in listed.json()["items"]] == [answer.json()["id"]]
    assert (await stage.get(cycle_id="other.cycle")).json()["items"] == []


@pytest.mark.clause("C38")
async def test_the_indicators_come_with_the_round_and_say_that_they_are_illustrative(stage: Stage):
    opened = await stage.open()
    weights = [one["weight"] for one in opened["indicators"]]
    assert sum(int(one.replace(".", "")) for one in weights) == 10_000
    assert "4.2" not in {one["code"] for one in opened["indicators"]}
    assert (opened["scheme"]["code"], "示例" in opened["scheme"]["note_zh"]) == ("illustrative", True)


@pytest.mark.clause("C03", "Q12")
async def test_an_institution_that_tracks_is_flagged_and_evaluated(stage: Stage):
    assert (await stage.open())["conflict_ids"] == []
    other = "miit-sme-leaders.2019-2020"
    await stage.give("track", "promotion_centre")
    await stage.hear(stage.designation(stage.promotion, other))
    stage.pack = stage.pack.model_copy(
        update={"cycle": stage.pack.cycle.model_copy(update={"label": "2019-2020"})}
    )
    await stage.hear(stage.cycle())
    opened = await stage.open()
    assert (opened["institution_ids"], opened["conflict_ids"]) == ([stage.promotion], [stage.promotion])


@pytest.mark.clause("C38", "Q17")
@pytest.mark.parametrize(
    "kind", ["operator", "talent_exchange_centre", "department", "institution", "evaluator"]
)
async def test_only_who_assigns_the_evaluator_opens_a_round(stage: Stage, kind: str):
    answer = await stage.post("", {"cycle_id": stage.pack.cycle_id}, by=kind)
    assert (answer.status_code, problem(answer)) == (403, "act-not-held")


async def test_the_pack_may_give_the_act_to_others(stage: Stage):
    await stage.give("assign_evaluator", "talent_exchange_centre")
    answer = await stage.post("", {"cycle_id": stage.pack.cycle_id}, by="talent_exchange_centre")
    assert answer.status_code == 201
    assert await refusal(stage) == (403, "act-not-held")


async def test_an_unknown_cycle_has_no_rounds(stage: Stage):
    assert await refusal(stage, cycle_id="miit-sme-leaders.1999-2000") == (404, "cycle-unknown")


@pytest.mark.parametrize("status", ["draft", "closed"])
async def test_a_cycle_that_is_not_active_is_not_evaluated(stage: Stage, status: str):
    await stage.revise(status=status)
    assert await refusal(stage) == (409, "cycle-not-active")


async def test_a_cycle_without_evaluation_is_not_evaluated(stage: Stage):
    await stage.revise(evaluation=None, suspension=None)
    assert await refusal(stage) == (409, "concept-absent")


async def test_a_cycle_in_which_nobody_is_designated_is_not_evaluated(stage: Stage):
    stage.pack = stage.pack.model_copy(
        update={"cycle": stage.pack.cycle.model_copy(update={"label": "2019-2020"})}
    )
    await stage.hear(stage.cycle())
    answer = await stage.post("", {"cycle_id": stage.pack.cycle_id})
    assert (answer.status_code, problem(answer)) == (409, "nobody-designated")
    assert "retry-after" in answer.headers


@pytest.mark.clause("C13")
@pytest.mark.parametrize("status", ["applied", "assessed", "declined"])
async def test_who_only_applied_for_a_designation_is_not_evaluated(stage: Stage, status: str):
    applicant = new_id()
    await stage.hear(
        stage.organisation(applicant, "institution"), stage.designation(applicant, status=status)
    )
    opened = await stage.open()
    assert applicant not in opened["institution_ids"]


async def test_a_designated_body_of_which_nothing_was_heard_keeps_the_round_from_opening(stage: Stage):
    await stage.hear(stage.designation(new_id()))
    assert await refusal(stage) == (409, "organisation-unknown")


async def test_a_cycle_has_one_round_at_a_time(stage: Stage):
    first = await stage.published_round("90", "91", "92", "93")
    assert await refusal(stage) == (409, "round-already-open")
    await stage.step(first, "finalisation")
    assert (await stage.open())["number"] == 2


async def test_a_repetition_under_its_key_opens_nothing(stage: Stage):
    body, headers = {"cycle_id": stage.pack.cycle_id}, {"Idempotency-Key": "open-1"}
    first = await stage.post("", body, headers=headers)
    again = await stage.post("", body, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(await stage.said("evaluation.round.state.v1")) == 1


@pytest.mark.clause("C38")
async def test_an_assignment_is_shown_as_it_was_made(stage: Stage):
    opened = await stage.open()
    stranger = stage.centre
    made = (await stage.assign(opened["id"], interests=[stranger, stranger])).json()
    assert made["interests"] == [stranger]
    expected = {"round_id": opened["id"], "evaluator_id": stage.evaluator, **ASSIGNMENT, "version": 1}
    assert made.items() >= expected.items()
    assert (await stage.get(f"/{opened['id']}/assignments")).json()["items"] == [made]


async def assignment_refused(stage: Stage, **changes: Any) -> tuple[int, str, dict[str, Any]]:
    answer = await stage.assign((await stage.open())["id"], **changes)
    return answer.status_code, problem(answer), answer.json()


@pytest.mark.clause("C38")
async def test_only_an_evaluator_evaluates(stage: Stage):
    status, code, _ = await assignment_refused(stage, evaluator_id=stage.centre)
    assert (status, code) == (409, "not-an-evaluator")


async def test_an_unknown_evaluator_is_refused(stage: Stage):
    status, code, _ = await assignment_refused(stage, evaluator_id=new_id())
    assert (status, code) == (409, "organisation-unknown")


async def test_an_interest_in_an_unknown_organisation_is_refused(stage: Stage):
    status, code, _ = await assignment_refused(stage, interests=[new_id()])
    assert (status, code) == (409, "organisation-unknown")


async def test_an_evaluator_is_assigned_once_to_a_round(stage: Stage):
    opened = await stage.assigned_round()
    again = await stage.assign(opened["id"])
    assert (again.status_code, problem(again)) == (409, "evaluator-already-assigned")


async def test_days_that_run_backwards_are_refused(stage: Stage):
    changes = {"starts_on": "2023-06-02", "ends_on": "2023-06-01"}
    status, code, _ = await assignment_refused(stage, **changes)
    assert (status, code) == (422, "dates-reversed")


@pytest.mark.clause("C38")
@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [("2023-01-09", "2023-06-30"), ("2023-01-10", "2023-07-01")]
)
async def test_an_assignment_lies_inside_the_training(stage: Stage, starts_on: str, ends_on: str):
    status, code, told = await assignment_refused(stage, starts_on=starts_on, ends_on=ends_on)
    assert (status, code) == (409, "outside-training")
    assert (told["first_day"], told["last_day"]) == ("2023-01-10", "2023-06-30")


@pytest.mark.clause("C38")
@pytest.mark.parametrize("status", ["approved", "running", "finished"])
async def test_the_training_lasts_from_the_first_to_the_last_day_of_its_classes(stage: Stage, status: str):
    other = {"starts_on": date(2022, 12, 1), "ends_on": date(2023, 9, 30), "status": status}
    await stage.hear(stage.class_state(id=new_id(), **other))
    answer = await stage.assign((await stage.open())["id"], starts_on="2022-12-01", ends_on="2023-09-30")
    assert answer.status_code == 201


@pytest.mark.parametrize("status", ["draft", "filed", "returned", "cancelled"])
async def test_a_class_that_may_never_be_held_is_no_training(stage: Stage, status: str):
    await stage.hear(stage.class_state(status=status))
    code, name, _ = await assignment_refused(stage)
    assert (code, name) == (409, "training-not-approved")


@pytest.mark.clause("Q12")
@pytest.mark.parametrize("link", ["institution", "federation", "member"])
async def test_a_declared_interest_in_whom_it_evaluates_bars_an_evaluator(stage: Stage, link: str):
    linked = {
        "institution": stage.institutions[1],
        "federation": stage.federation,
        "member": stage.members[0],
    }[link]
    status, code, told = await assignment_refused(stage, interests=[stage.centre, linked])
    assert (status, code, told["organisation_ids"]) == (409, "evaluator-has-interest", [linked])


@pytest.mark.clause("Q5", "Q12")
async def test_a_member_body_that_joined_after_the_opening_is_an_interest_too(stage: Stage):
    opened, joined = await stage.open(), new_id()
    await stage.hear(stage.organisation(joined, "institution", parent_id=stage.federation))
    answer = await stage.assign(opened["id"], interests=[joined])
    assert problem(answer) == "evaluator-has-interest"


@pytest.mark.clause("Q12")
@pytest.mark.parametrize("status", ["filed", "returned", "approved", "running", "finished"])
async def test_an_evaluator_with_a_part_in_a_class_is_barred(stage: Stage, status: str):
    partner = {"organisation_id": stage.evaluator, "kind": "evaluator"}
    other = new_id()
    await stage.hear(stage.class_state(id=other, co_organisers=[partner], status=status))
    status_code, code, told = await assignment_refused(stage)
    assert (status_code, code, told["class_ids"]) == (409, "evaluator-takes-part", [other])


async def test_a_class_that_names_it_and_was_never_filed_does_not_bar_an_evaluator(stage: Stage):
    partner = {"organisation_id": stage.evaluator, "kind": "evaluator"}
    for status in ("draft", "cancelled"):
        await stage.hear(stage.class_state(id=new_id(), co_organisers=[partner], status=status))
    assert (await stage.assign((await stage.open())["id"])).status_code == 201


@pytest.mark.clause("Q12")
async def test_an_evaluator_that_is_designated_itself_is_barred(stage: Stage):
    opened = await stage.open()
    await stage.hear(stage.designation(stage.evaluator))
    assert problem(await stage.assign(opened["id"])) == "evaluator-designated"


@pytest.mark.clause("Q12")
async def test_an_evaluator_that_is_itself_evaluated_is_barred(stage: Stage):
    await stage.hear(stage.designation(stage.evaluator))
    status, code, told = await assignment_refused(stage)
    assert (status, code, told["organisation_ids"]) == (409, "evaluator-has-interest", [stage.evaluator])


async def test_a_closed_round_takes_no_evaluator(stage: Stage):
    closed = await stage.closed_round("90", "91", "92", "93")
    answer = await stage.assign(closed["id"], evaluator_id=stage.other_evaluator)
    assert (answer.status_code, problem(answer)) == (409, "round-not-open")


@pytest.mark.parametrize("step", ["assignments", "closing", "publication", "tie-decision", "finalisation"])
async def test_a_change_that_rests_on_another_version_is_refused(stage: Stage, step: str):
    opened = await stage.open()
    body: dict[str, Any] = {"evaluator_id": stage.evaluator, **ASSIGNMENT, "interests": []}
    if step == "tie-decision":
        body = {"suspended_ids": [], "reason": "复核"}
    answer = await stage.post(f"/{opened['id']}/{step}", body, headers={"If-Match": '"7"'})
    assert (answer.status_code, problem(answer)) == (412, "version-conflict")


@pytest.mark.parametrize("step", ["assignments", "publication", "tie-decision", "finalisation"])
async def test_who_sees_a_round_without_the_act_is_refused_before_versions_are_compared(
    stage: Stage, step: str
):
    opened = await stage.open()
    body: dict[str, Any] = {"evaluator_id": stage.evaluator, **ASSIGNMENT, "interests": []}
    if step == "tie-decision":
        body = {"suspended_ids": [], "reason": "复核"}

    async def ask(kind: str, organisation_id: str) -> httpx.Response:
        stale = {"If-Match": '"7"'}
        return await stage.post(f"/{opened['id']}/{step}", body, by=kind, of=organisation_id, headers=stale)

    assert problem(await ask("institution", stage.institutions[0])) == "act-not-held"
    assert problem(await ask("talent_exchange_centre", stage.centre)) == "act-not-held"
    assert problem(await ask("institution", new_id())) == "round-unknown"
