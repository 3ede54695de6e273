"""A person who asks for it is erased: who it was is nowhere any more, and every view answers as before."""

from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.erasures.models import PersonErasure
from services.enrollment.persons.models import Person
from services.enrollment.rosters.models import RosterRow
from tests.support.enrollment_world import load
from tests.support.erasing import (
    AFTER_DUTY,
    ASKED,
    CLOSED_AT,
    close_cycle,
    erase,
    everything,
    graduate,
    reasons_of,
    retention,
)
from tests.support.merging import put_forward
from tests.support.nominees import EVIDENCE, Plan, card, nominee


async def nominated(plan: Plan, number: int = 1) -> str:
    """Nominate somebody who never becomes a trainee, and end the cycle."""
    person_id = await put_forward(plan, plan.class_id, number)
    await close_cycle(plan)
    return person_id


async def test_who_was_only_nominated_is_erased_once_the_cycle_is_over(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    assert reasons_of(await erase(plan, person_id)) == ["cycle_open"]
    await close_cycle(plan)
    answer = await erase(plan, person_id)
    assert answer.status_code == 201, answer.text
    told = {name: answer.json()[name] for name in (*ASKED, "cause", "rule", "person_ids", "organisation_id")}
    assert told == {
        **ASKED,
        "cause": "request",
        "rule": "nominated",
        "person_ids": [person_id],
        "organisation_id": plan.zhejiang,
    }
    shown = (await plan.get(plan.bureau, f"/v1/persons/{person_id}")).json()
    assert shown == {
        "id": person_id,
        "name": "已删除",
        "document_kind": "resident_card",
        "document_number": "已删除",
        "phone": None,
        "erased_at": "2023-12-31T02:00:00Z",
        "merged_into": None,
    }


async def test_nothing_in_the_tables_says_any_more_who_it_was(plan: Plan):
    written = {
        "second_enrolment_reason": "演练甲要求再次参加",
        "evidence": {**EVIDENCE, "growth": "演练甲主持"},
    }
    person_id = await put_forward(plan, plan.class_id, 1, **written)
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "reject")])
    await plan.post(plan.centre, f"/v1/rosters/{roster_id}/return", {"reason": "无人通过"})
    await close_cycle(plan)
    before = await everything(plan)
    for said in ("演练甲", "总经理", "不符合条件"):
        assert said in before
    sealer = plan.world.app.state.sealer
    assert (await erase(plan, person_id)).status_code == 201
    after = await everything(plan)
    for said in ("演练甲", "总经理", "不符合条件", "三年翻番"):
        assert said not in after
    async with plan.world.database.read() as session:
        person = await session.get_one(Person, person_id)
    assert sealer.blind_indexes(card(1), "persons.number.resident_card")[0].hex() not in after
    assert person.number_index is person.name_sealed is person.phone_sealed is person.name_index is None


async def test_a_request_is_taken_by_a_home_department_and_the_bureau_alone(plan: Plan):
    person_id = await nominated(plan)
    for one, status in (
        (plan.institution, 403),
        (plan.centre, 403),
        (plan.ningbo, 404),
        (plan.rival, 404),
    ):
        answer = await erase(plan, person_id, by=one)
        assert answer.status_code == status, answer.text
    assert (await erase(plan, person_id, by=plan.bureau)).status_code == 201


async def test_how_long_is_told_to_who_cares_for_the_person_and_to_the_bureau(plan: Plan):
    person_id = await nominated(plan)
    for one in (plan.zhejiang, plan.institution, plan.bureau):
        told = await retention(plan, person_id, by=one)
        assert (told["rule"], told["years"], told["until"]) == ("nominated", 2, "2025-12-31T02:00:00Z")
        assert told["person"]["name"] == "演**"
        assert told["contact"] == {
            "phone_kept": True,
            "consent_stands": False,
            "until": "2024-03-30T02:00:00Z",
        }
    for one, status in ((plan.centre, 403), (plan.ningbo, 404), (plan.rival, 404)):
        answer = await plan.get(one, f"/v1/persons/{person_id}/retention")
        assert answer.status_code == status


async def test_a_trainee_is_kept_while_the_class_goes_on_and_as_long_as_the_duty_stands(plan: Plan):
    await plan.trainees(plan.class_id, [1])
    [row] = await plan.enrolments(plan.class_id)
    person_id = row["person"]["id"]
    assert reasons_of(await erase(plan, person_id)) == ["class_under_way", "cycle_open"]
    await plan.world.turn(plan.class_id, status="finished")
    assert reasons_of(await erase(plan, person_id)) == ["completion_open", "cycle_open"]
    await close_cycle(plan)
    assert reasons_of(await erase(plan, person_id)) == ["completion_open", "duty_stands"]
    assert (await retention(plan, person_id))["blocks"][1]["until"] == "2026-12-31T02:00:00Z"


async def test_of_a_graduate_number_counts_and_history_stay(plan: Plan):
    enrolment_id, person_id = await graduate(plan)
    assert reasons_of(await erase(plan, person_id)) == ["duty_stands"]
    counted = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    before = (await plan.get(plan.bureau, f"/v1/enrolments/{enrolment_id}")).json()
    assert (await erase(plan, person_id, now=AFTER_DUTY)).status_code == 201
    assert (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json() == counted
    after = (await plan.get(plan.bureau, f"/v1/enrolments/{enrolment_id}")).json()
    assert after["person"]["name"] == "已删除"
    assert {**after, "person": before["person"], "version": before["version"]} == before
    told = await retention(plan, person_id)
    assert (told["until"], told["blocks"], told["erasure"]["rule"]) == (None, [], "completed")


async def test_the_same_document_registered_again_is_a_new_person(plan: Plan):
    person_id = await nominated(plan)
    assert (await erase(plan, person_id)).status_code == 201
    later = load("2019-2020")  # another cycle, which takes nominations
    await plan.world.cycle(later)
    other = await plan.world.course(later.cycle_id, plan.institution, plan.zhejiang, kind="region")
    [made] = await plan.nominate(plan.institution, nominee(other, 1))
    assert made["status"] == 201, made
    assert made["value"]["person"]["id"] != person_id
    assert (await plan.get(plan.bureau, f"/v1/persons/{person_id}")).json()["name"] == "已删除"


async def test_a_repeated_request_is_answered_again_and_erases_once(plan: Plan):
    person_id = await nominated(plan)
    answers = [await erase(plan, person_id, **{"Idempotency-Key": "once"}) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    listed = (await plan.get(plan.bureau, "/v1/person-erasures")).json()["items"]
    assert [one["id"] for one in listed] == [answers[0].json()["id"]]
    assert (await plan.get(plan.ningbo, "/v1/person-erasures")).json()["items"] == []
    [told] = await plan.world.told("enrollment.person_erased.v1")
    assert dict(told.data) == {
        "erasure_id": listed[0]["id"],
        "person_id": person_id,
        "person_ids": [person_id],
        "cause": "request",
    }


async def test_the_database_keeps_the_record_and_lets_nobody_be_half_erased(plan: Plan):
    person_id = await nominated(plan)
    halves: list[dict[str, Any]] = [{"erased_at": CLOSED_AT}, {"number_index": None}, {"name_sealed": None}]
    for halfway in halves:
        with pytest.raises(DBAPIError):
            async with plan.world.database.write() as session:
                await session.execute(update(Person).values(**halfway))
    await erase(plan, person_id)
    for change in (update(PersonErasure).values(cause="retention"), delete(PersonErasure)):
        with pytest.raises(DBAPIError, match="never"):
            async with plan.world.database.write() as session:
                await session.execute(change)


async def test_of_a_row_of_a_closed_roster_the_reason_alone_may_go(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in (1, 2)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "reject"), (2, "approve")])
    assert (await plan.approve(roster_id)).status_code == 200
    changes: list[dict[str, str | None]] = [
        {"reason": "另有原因"},
        {"reason": None},
        {"reason": "已删除", "decision": "approve"},
        {"reason": "已删除", "replaces_enrolment_id": "e"},
    ]
    for values in changes:
        with pytest.raises(DBAPIError, match="never changes"):
            async with plan.world.database.write() as session:
                await session.execute(update(RosterRow).where(RosterRow.position == 1).values(**values))
    with pytest.raises(DBAPIError, match="never changes"):
        async with plan.world.database.write() as session:
            await session.execute(update(RosterRow).where(RosterRow.position == 2).values(reason="已删除"))
    async with plan.world.database.write() as session:
        await session.execute(update(RosterRow).where(RosterRow.position == 1).values(reason="已删除"))
