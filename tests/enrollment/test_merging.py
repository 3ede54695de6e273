"""Two persons turn out to be one: what one has goes over, a head counts once, undoing restores."""

from typing import Any

import pytest

from shared.events.enrollment import CompletionConfirmed, PersonsMerged, PersonsParted
from tests.support.merging import (
    SECOND,
    check_told,
    confirm,
    merge,
    merged,
    picture,
    propose,
    put_forward,
    undo,
)
from tests.support.nominees import Plan, nominee


async def enrolled_twice(plan: Plan) -> tuple[str, str, str]:
    """Enrol two persons in a class each; tell the persons and the second class."""
    other = await plan.another_class()
    await plan.trainees(plan.class_id, [1])
    await plan.trainees(other, [2], plan.rival)
    [first], [second] = await plan.enrolments(plan.class_id), await plan.enrolments(other)
    return first["person"]["id"], second["person"]["id"], other


async def test_a_document_of_the_retired_person_finds_the_survivor(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    other = await plan.another_class()
    await merged(plan, survivor, retired)
    assert await put_forward(plan, other, 2, by=plan.rival) == survivor
    shown = (await plan.get(plan.bureau, f"/v1/persons/{retired}")).json()
    assert (shown["id"], shown["merged_into"]) == (retired, survivor)


async def test_two_documents_of_one_person_in_a_request_are_one_nominee(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    other = await plan.another_class()
    await merged(plan, survivor, retired)
    first, second = await plan.nominate(plan.rival, nominee(other, 1), nominee(other, 2))
    assert first["status"] == 201
    assert second["problem"]["type"].endswith("nominated-twice-here")


@pytest.mark.clause("C34")
async def test_in_a_class_of_both_one_nomination_stands_with_the_credit_of_both(plan: Plan):
    survivor = await put_forward(plan, plan.class_id, 1)
    retired = await put_forward(plan, plan.class_id, 2, by=plan.zhejiang)
    await merged(plan, survivor, retired)
    listed = (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
    [stays, goes] = listed
    assert [one["channel"] for one in stays["credits"]] == ["department_recommended", "institution_selected"]
    assert (stays["status"], goes["status"]) == ("nominated", "merged")
    assert (await plan.draft(plan.class_id))["rows"] == 1
    await check_told(plan)


@pytest.mark.clause("C06", "Q7")
async def test_who_counted_twice_counts_once_and_the_registry_is_told_where(plan: Plan):
    survivor, retired, other = await enrolled_twice(plan)
    await merged(plan, survivor, retired)
    [first], [second] = await plan.enrolments(plan.class_id), await plan.enrolments(other)
    assert (first["head"], second["head"]) == (True, False)
    assert first["person"]["id"] == second["person"]["id"] == survivor
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert progress["heads"] == 1
    [fact] = await plan.world.told(PersonsMerged.TYPE)
    assert fact.data["heads"] == [{"class_id": other, "change": -1}]
    assert (fact.data["survivor_id"], fact.data["retired_id"]) == (survivor, retired)
    await check_told(plan)


@pytest.mark.clause("Q7")
async def test_the_head_of_a_retired_person_alone_goes_over(plan: Plan):
    survivor = await put_forward(plan, plan.class_id, 1)
    other = await plan.another_class()
    await plan.trainees(other, [2], plan.rival)
    [enrolment] = await plan.enrolments(other)
    await merged(plan, survivor, enrolment["person"]["id"])
    after = await picture(plan)
    assert after["heads"] == [(plan.cycle_id, survivor, enrolment["id"])]
    [fact] = await plan.world.told(PersonsMerged.TYPE)
    assert fact.data["heads"] == []


async def test_who_is_enrolled_by_one_nomination_is_not_open_by_the_other(plan: Plan):
    await plan.trainees(plan.class_id, [1])
    [enrolment] = await plan.enrolments(plan.class_id)
    second = await put_forward(plan, plan.class_id, 2)
    await merged(plan, second, enrolment["person"]["id"])
    assert (await plan.draft(plan.class_id))["rows"] == 0


async def test_a_trainee_is_merged_with_who_has_left_the_class_and_parted_again(plan: Plan):
    enrolments = await plan.trainees(plan.class_id, [1, 2])
    survivor, retired = [one["person"]["id"] for one in await plan.enrolments(plan.class_id)]
    await plan.withdraw(enrolments[1])
    merge_id = await merged(plan, survivor, retired)
    assert {one["person"]["id"] for one in await plan.enrolments(plan.class_id)} == {survivor}
    assert (await undo(plan, merge_id)).status_code == 200
    await check_told(plan)


@pytest.mark.clause("Q7")
async def test_of_two_closed_enrolments_in_one_class_the_retired_one_stays_readable_without_a_head(
    plan: Plan,
):
    enrolments = await plan.trainees(plan.class_id, [1, 2])
    survivor, retired = [one["person"]["id"] for one in await plan.enrolments(plan.class_id)]
    await confirm(plan, await propose(plan, plan.class_id, enrolments))
    before = await picture(plan)
    merge_id = await merged(plan, survivor, retired)
    kept, stays = await plan.enrolments(plan.class_id)
    assert (kept["person"]["id"], kept["head"]) == (survivor, True)
    assert (stays["person"]["id"], stays["head"], stays["status"]) == (retired, False, "completed")
    await undo(plan, merge_id)
    assert await picture(plan) == before


async def test_a_merge_while_both_stand_on_an_open_roster_is_refused(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    roster = await plan.draft(plan.class_id)
    before = await picture(plan)
    refused = await merge(plan, survivor, retired)
    assert refused.json()["type"].endswith("nominations-on-open-roster")
    assert roster["id"] in refused.json()["detail"]
    assert await picture(plan) == before


@pytest.mark.clause("C34", "Q7")
async def test_undoing_restores_exactly_what_went_over(plan: Plan):
    survivor, retired, other = await enrolled_twice(plan)
    third = await plan.another_class()
    await put_forward(plan, third, 1, by=plan.rival, **SECOND)
    await put_forward(plan, third, 2, by=plan.zhejiang, **SECOND)
    before = await picture(plan)
    merge_id = await merged(plan, survivor, retired)
    assert await picture(plan) != before
    answer = await undo(plan, merge_id)
    assert answer.status_code == 200, answer.text
    assert await picture(plan) == before
    [fact] = await plan.world.told(PersonsParted.TYPE)
    assert fact.data["heads"] == [{"class_id": other, "change": 1}]
    await check_told(plan)
    again = await undo(plan, merge_id)
    assert again.json()["type"].endswith("merge-undone-already")


async def test_what_came_of_a_nomination_since_goes_back_with_it_and_what_is_new_stays(plan: Plan):
    survivor = await put_forward(plan, plan.class_id, 1)
    other, third = await plan.another_class(), await plan.another_class()
    retired = await put_forward(plan, other, 2, by=plan.rival)
    merge_id = await merged(plan, survivor, retired)
    roster_id = await plan.submitted(other, plan.rival)
    await plan.decide(roster_id, [(1, "approve")])
    await plan.approve(roster_id)
    await put_forward(plan, third, 2, by=plan.rival, **SECOND)
    await undo(plan, merge_id)
    after = await picture(plan)
    [(enrolment_id, whose, _, head)] = after["enrolments"]
    assert (whose, head) == (retired, True)
    assert after["heads"] == [(plan.cycle_id, retired, enrolment_id)]
    assert sorted(person for _, person, _, _ in after["nominations"]) == sorted([survivor, survivor, retired])


async def test_a_chain_of_merges_finds_the_last_survivor_and_is_undone_from_its_end(plan: Plan):
    one, two, three = [await put_forward(plan, plan.class_id, number) for number in (1, 2, 3)]
    before = await picture(plan)
    first = await merged(plan, two, one)
    second = await merged(plan, three, two)
    assert (await picture(plan))["persons"] == {one: three, two: three, three: None}
    early = await undo(plan, first)
    assert early.json()["type"].endswith("merge-overtaken")
    assert second in early.json()["detail"]
    for merge_id in (second, first):
        assert (await undo(plan, merge_id)).status_code == 200
    assert await picture(plan) == before


@pytest.mark.parametrize("roles", ["itself", "retired survivor", "retired twice"])
async def test_only_two_who_stand_for_themselves_are_merged(plan: Plan, roles: str):
    one, two, three = [await put_forward(plan, plan.class_id, number) for number in (1, 2, 3)]
    await merged(plan, one, two)
    pair = {"itself": (one, one), "retired survivor": (two, three), "retired twice": (three, two)}[roles]
    refused = await merge(plan, *pair)
    name = "persons-the-same" if roles == "itself" else "person-merged-already"
    assert refused.json()["type"].endswith(name)


async def test_a_department_merges_its_own_and_others_are_decided_by_who_sees_both(plan: Plan):
    ours, theirs = await put_forward(plan, plan.class_id, 1), await put_forward(plan, plan.class_id, 2)
    foreign = await put_forward(plan, plan.class_id, 3, enterprise=2)
    assert (await merge(plan, ours, foreign, by=plan.zhejiang)).status_code == 404
    assert (await merge(plan, ours, theirs, by=plan.institution)).status_code == 403
    done = await merge(plan, ours, theirs, by=plan.zhejiang)
    assert done.status_code == 201
    assert (await merge(plan, ours, foreign, by=plan.centre)).status_code == 201
    # Now the survivor belongs to both departments: none of them decides alone.
    refused = await undo(plan, done.json()["id"], by=plan.zhejiang)
    assert refused.json()["type"].endswith("decision-not-due")
    assert plan.ningbo in refused.json()["detail"]


async def test_the_trail_shows_who_was_retired_by_whom_and_why(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    merge_id = await merged(plan, survivor, retired)
    listed: list[dict[str, Any]] = (
        await plan.get(plan.zhejiang, "/v1/person-merges", person_id=retired)
    ).json()["items"]
    assert [(one["id"], one["survivor_id"], one["merged_for"]) for one in listed] == [
        (merge_id, survivor, plan.bureau)
    ]
    for stranger in (plan.ningbo, plan.rival):
        assert (await plan.get(stranger, "/v1/person-merges")).json()["items"] == []
        assert (await plan.get(stranger, f"/v1/person-merges/{merge_id}")).status_code == 404


@pytest.mark.clause("C40")
async def test_a_completion_confirmed_after_a_merge_names_the_survivor(plan: Plan):
    other = await plan.another_class(lead_id=plan.institution)
    survivor = await put_forward(plan, plan.class_id, 2)
    enrolments = await plan.trainees(other, [1])
    proposal = await propose(plan, other, enrolments)
    await merged(plan, survivor, (await plan.enrolments(other))[0]["person"]["id"])
    await confirm(plan, proposal)
    [fact] = await plan.world.told(CompletionConfirmed.TYPE)
    assert [row["person_id"] for row in fact.data["rows"]] == [survivor]
