"""A row of a later roster takes the place of a trainee (Q8): when it is approved, and only then."""

from typing import Any

import pytest
from sqlalchemy import select, update

from services.enrollment.enrolments.models import Enrolment, Head
from shared.events.enrollment import EnrolmentState, RosterApproved, TraineeWithdrawn
from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.nominees import Plan, nominee


def kind_of(answer: Any) -> str:
    return str(answer.json()["type"]).rpartition(":")[2]


async def nominated(plan: Plan, *numbers: int) -> list[str]:
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in numbers))
    return [str(one["value"]["id"]) for one in results]


async def drafted(plan: Plan, *marks: tuple[str, str], **also: Any) -> dict[str, Any]:
    answer = await plan.replace(plan.class_id, marks, **also)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def rows(plan: Plan, roster_id: str) -> list[tuple[str, str | None]]:
    listed = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/rows")).json()["items"]
    return [(row["nomination_id"], row["replaces_enrolment_id"]) for row in listed]


@pytest.mark.clause("Q8")
async def test_an_approved_row_withdraws_whom_it_replaces_and_takes_place_and_head(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    [leaving, staying] = await plan.trainees(plan.class_id, [1, 2])
    [coming] = await nominated(plan, 3)
    roster = await drafted(plan, (coming, leaving))
    assert await rows(plan, roster["id"]) == [(coming, leaving)]
    assert {one["status"] for one in await plan.enrolments(plan.class_id)} == {"enrolled"}
    await plan.hand_in(roster["id"], ["approve"])
    assert (await plan.approve(roster["id"])).status_code == 200

    shown = {one["id"]: one for one in await plan.enrolments(plan.class_id)}
    [new] = shown.keys() - {leaving, staying}
    assert (shown[leaving]["status"], shown[leaving]["head"]) == ("withdrawn", False)
    assert (shown[new]["replaces_enrolment_id"], shown[new]["head"]) == (leaving, True)
    async with plan.world.database.read() as session:
        assert set(await session.scalars(select(Head.enrolment_id))) == {staying, new}
    [fact] = await plan.world.told(TraineeWithdrawn.TYPE)
    assert (fact.data["enrolment_id"], fact.data["replaced_by"], fact.data["head"]) == (leaving, new, True)
    assert [row["head"] for row in (await plan.world.told(RosterApproved.TYPE))[-1].data["rows"]] == [True]
    versions = [one.version for one in await plan.world.told(EnrolmentState.state_type())]
    assert sorted(versions) == [1, 1, 1, 2]


async def test_a_rejected_row_and_a_returned_roster_replace_nobody(plan: Plan):
    [one, other] = await plan.trainees(plan.class_id, [1, 2])
    [third, fourth] = await nominated(plan, 3, 4)
    returned = await drafted(plan, (third, one))
    await plan.hand_in(returned["id"], ["approve", "approve"])
    answer = await plan.post(plan.centre, f"/v1/rosters/{returned['id']}/return", {"reason": "请补充"})
    assert answer.status_code == 200
    roster = await drafted(plan, (third, one), (fourth, other))
    await plan.hand_in(roster["id"], ["reject", "approve"])
    assert (await plan.approve(roster["id"])).status_code == 200
    status = {shown["id"]: shown["status"] for shown in await plan.enrolments(plan.class_id)}
    assert (status[one], status[other]) == ("enrolled", "withdrawn")


async def test_who_has_left_already_may_still_be_replaced(plan: Plan):
    [gone] = await plan.trainees(plan.class_id, [1])
    await plan.withdraw(gone)
    [coming] = await nominated(plan, 2)
    roster = await drafted(plan, (coming, gone))
    await plan.hand_in(roster["id"], ["approve"])
    assert (await plan.approve(roster["id"])).status_code == 200
    assert len(await plan.world.told(TraineeWithdrawn.TYPE)) == 1
    [left, new] = await plan.enrolments(plan.class_id)
    assert (left["version"], new["replaces_enrolment_id"]) == (2, gone)


async def test_the_rows_are_those_named_then_those_that_replace(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    [second, third, fourth] = await nominated(plan, 2, 3, 4)
    roster = await drafted(plan, (second, one), nomination_ids=[fourth])
    assert await rows(plan, roster["id"]) == [(fourth, None), (second, one)]
    path = f"/v1/rosters/{roster['id']}/rows"
    async with plan.client(plan.institution) as http:
        anew = await http.put(path, json={"replacements": [{"nomination_id": third, "enrolment_id": one}]})
        plain = await http.put(path, json={})
    assert (anew.json()["rows"], anew.json()["rows_sha256"] != plain.json()["rows_sha256"]) == (3, True)
    assert await rows(plan, roster["id"]) == [(second, None), (third, None), (fourth, None)]


async def test_a_trainee_is_replaced_once(plan: Plan):
    [one] = await plan.trainees(plan.class_id, [1])
    [second, third] = await nominated(plan, 2, 3)
    twice = await plan.replace(plan.class_id, [(second, one), (third, one)])
    assert (twice.status_code, kind_of(twice), twice.json()["repeated_ids"]) == (
        422,
        "replacement-repeated",
        [one],
    )
    roster = await drafted(plan, (second, one), nomination_ids=[second])
    await plan.hand_in(roster["id"], ["approve"])
    assert (await plan.approve(roster["id"])).status_code == 200
    again = await plan.replace(plan.class_id, [(third, one)])
    assert (again.status_code, kind_of(again)) == (409, "trainees-replaced-already")
    assert again.json()["enrolment_ids"] == [one]


async def test_only_trainees_of_the_class_whose_completion_is_open_are_replaced(plan: Plan):
    other = await plan.another_class()
    [foreign] = await plan.trainees(other, [1], plan.rival)
    [own] = await plan.trainees(plan.class_id, [2])
    [coming] = await nominated(plan, 3)
    unknown = "01a20136-8d39-7e1e-aff4-0f4ce85692a8"
    for replaced in (foreign, unknown):
        answer = await plan.replace(plan.class_id, [(coming, replaced)])
        assert (kind_of(answer), answer.json()["enrolment_ids"]) == ("trainees-not-replaceable", [replaced])
    roster = await drafted(plan, (coming, own))
    await plan.hand_in(roster["id"], ["approve"])
    async with plan.world.database.write() as session:
        await session.execute(update(Enrolment).where(Enrolment.id == own).values(status="not_completed"))
    refused = await plan.approve(roster["id"])
    assert (refused.status_code, kind_of(refused)) == (409, "trainees-not-replaceable")
    assert (await plan.get(plan.centre, f"/v1/rosters/{roster['id']}")).json()["status"] == "submitted"


async def test_a_nomination_that_is_decided_replaces_nobody(plan: Plan):
    [one, _] = await plan.trainees(plan.class_id, [1, 2])
    [decided, _] = (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
    answer = await plan.replace(plan.class_id, [(decided["id"], one)])
    assert kind_of(answer) == "nominations-not-open"


async def test_whom_a_roster_replaces_makes_room_when_it_is_submitted_and_when_it_is_approved(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=2)
    [one, other] = await plan.trainees(plan.class_id, [1, 2])
    [third, fourth] = await nominated(plan, 3, 4)
    full = await drafted(plan, (third, one), nomination_ids=[third, fourth])
    path = f"/v1/rosters/{full['id']}"
    refused = await plan.post(plan.institution, f"{path}/submission")
    assert (kind_of(refused), refused.json()["persons"]) == ("capacity-exceeded", 3)
    async with plan.client(plan.institution) as http:
        marks = [{"nomination_id": a, "enrolment_id": b} for a, b in ((third, one), (fourth, other))]
        await http.put(f"{path}/rows", json={"replacements": marks})
    # Of the two who were to make room one has left before: the places are the same.
    await plan.withdraw(one)
    await plan.hand_in(full["id"], ["approve", "approve"])
    assert (await plan.approve(full["id"])).status_code == 200


@pytest.mark.clause("Q7", "Q8")
async def test_the_head_of_who_is_replaced_passes_to_the_class_where_the_person_stays(plan: Plan):
    reason = {"second_enrolment_reason": "企业需要"}
    [one] = await plan.trainees(plan.class_id, [1])
    other = await plan.another_class()
    await plan.nominate(plan.rival, nominee(other, 1, **reason))
    elsewhere = await plan.submitted(other, plan.rival)
    await plan.decide(elsewhere, [(1, "approve")])
    await plan.approve(elsewhere)
    [heir] = await plan.enrolments(other)
    [coming] = await nominated(plan, 2)
    roster = await drafted(plan, (coming, one))
    await plan.hand_in(roster["id"], ["approve"])
    await plan.approve(roster["id"])
    [fact] = await plan.world.told(TraineeWithdrawn.TYPE)
    assert (fact.data["heir_enrolment_id"], fact.data["heir_class_id"]) == (heir["id"], other)
    assert (await plan.enrolments(other))[0]["head"] is True


async def test_what_an_approval_costs_does_not_depend_on_how_many_it_replaces(plan: Plan):
    async def statements(count: int, first: int) -> int:
        leaving = await plan.trainees(plan.class_id, range(first, first + count))
        coming = await nominated(plan, *range(first + count, first + 2 * count))
        roster = await drafted(plan, *zip(coming, leaving, strict=True))
        await plan.hand_in(roster["id"], ["approve"] * count)
        with counted(plan.world.database, ClassState) as cost:
            assert (await plan.approve(roster["id"])).status_code == 200
        return cost.statements

    assert await statements(2, 1) == await statements(40, 100) > 0
