"""Nominations through the application, on both databases."""

import asyncio

import pytest
from sqlalchemy import event, func, select

from services.enrollment.persons.models import Person
from shared.events.enrollment import NominationState
from tests.support.nominees import Plan, card, nominee, uscc

STATE = NominationState.state_type()


async def test_a_nomination_shows_its_person_masked_and_its_enterprise_as_it_was(plan: Plan):
    [result] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    assert result["status"] == 201
    shown = result["value"]
    assert shown["person"]["name"] == "演**"
    assert shown["person"]["document_number"] == card(1)[:3] + "*" * 11 + card(1)[-4:]
    assert "13900000000" not in str(shown)
    assert (shown["industry_section"], shown["size_class"]) == ("C", "small")
    assert shown["department_id"] == plan.zhejiang
    [told] = await plan.world.told(STATE)
    assert card(1) not in str(told)
    assert told.version == 1


@pytest.mark.clause("C34", "Q7")
async def test_both_channels_keep_credit_for_the_same_person(plan: Plan):
    [selected] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    [recommended] = await plan.nominate(plan.zhejiang, nominee(plan.class_id, 1))
    assert (selected["status"], recommended["status"]) == (201, 200)
    assert recommended["value"]["id"] == selected["value"]["id"]
    credited = {credit["channel"]: credit["organisation_id"] for credit in recommended["value"]["credits"]}
    assert credited == {
        "institution_selected": plan.institution,
        "department_recommended": plan.zhejiang,
    }
    assert recommended["value"]["version"] == 2


async def test_the_same_nomination_again_changes_nothing(plan: Plan):
    [first] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    [again] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    assert again["value"] == first["value"]
    assert len(await plan.world.told(STATE)) == 1


async def test_a_preview_tells_what_nominating_would_answer_and_stores_nothing(plan: Plan):
    sound, faulty = nominee(plan.class_id, 1), nominee(plan.class_id, 2)
    faulty["person"]["document"]["number"] = card(2)[:-1] + ("1" if card(2)[-1] != "1" else "0")
    answer = await plan.post(plan.institution, "/v1/nominations/preview", {"items": [sound, faulty]})
    first, second = answer.json()["results"]
    assert (first["status"], first["value"]["channel"]) == (200, "institution_selected")
    async with plan.world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 0
    [kept, refused] = await plan.nominate(plan.institution, sound, faulty)
    assert first["value"]["findings"] == kept["value"]["findings"]
    assert second["problem"]["errors"] == refused["problem"]["errors"]


async def test_both_channels_at_the_same_instant_make_one_nomination(plan: Plan):
    # Known already: storing a new person would make the requests wait for each other by itself.
    other = await plan.another_class()
    await plan.nominate(plan.rival, *(nominee(other, number) for number in range(1, 21)))
    items = [nominee(plan.class_id, number) for number in range(1, 21)]
    # Opening a connection takes longer than nominating; all are to be open.
    await asyncio.gather(*(plan.get(plan.bureau, "/v1/nominations", class_id=other) for _ in range(8)))
    answers = await asyncio.gather(
        *(plan.nominate(plan.institution, *items) for _ in range(4)),
        *(plan.nominate(plan.zhejiang, *reversed(items)) for _ in range(4)),
    )
    ids = {frozenset(result["value"]["id"] for result in results) for results in answers}
    assert len(ids) == 1
    listed = (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
    assert [len(one["credits"]) for one in listed] == [2] * 20


async def test_a_wrong_check_character_refuses_that_item_alone_and_keeps_nothing_of_it(plan: Plan):
    wrong = nominee(plan.class_id, 1)
    last = card(1)[-1]
    number = card(1)[:-1] + ("0" if last != "0" else "1")
    wrong["person"] = {**wrong["person"], "document": {"kind": "resident_card", "number": number}}
    refused, taken = await plan.nominate(plan.institution, wrong, nominee(plan.class_id, 2))
    assert (refused["status"], taken["status"]) == (422, 201)
    problem = refused["problem"]
    assert problem["type"] == "urn:lingjun:problem:nomination-refused"
    assert problem["errors"][0]["pointer"] == "/items/0/person/document/number"
    assert problem["findings"][0]["severity"] == "error"
    assert number not in str(problem)
    async with plan.world.database.read() as session:
        assert await session.scalar(select(func.count()).select_from(Person)) == 1


async def test_missing_evidence_is_a_warning_that_stays_with_the_nomination(plan: Plan):
    [result] = await plan.nominate(plan.institution, nominee(plan.class_id, 1, evidence={}))
    assert result["status"] == 201
    findings = result["value"]["findings"]
    assert {(one["code"], one["severity"]) for one in findings} >= {("evidence", "warning")}
    assert "/evidence/growth" in {one["pointer"] for one in findings}


async def test_words_that_the_cycle_does_not_have_are_refused(plan: Plan):
    results = await plan.nominate(
        plan.institution,
        nominee(plan.class_id, 1, target_group="astronauts"),
        nominee(plan.class_id, 2, evidence={"horoscope": "吉"}),
        nominee(plan.class_id, 3, declarations=["of_war"]),
    )
    assert [one["problem"]["type"] for one in results] == ["urn:lingjun:problem:concept-absent"] * 3


async def test_one_person_twice_in_a_request_is_told_the_first_item(plan: Plan):
    _, again = await plan.nominate(plan.institution, nominee(plan.class_id, 1), nominee(plan.class_id, 1))
    assert again["status"] == 409
    assert again["problem"]["first_index"] == 0


async def test_another_name_for_the_same_document_is_a_warning_and_the_record_stays(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    other = await plan.another_class()
    item = nominee(other, 1)
    item["person"] = {**item["person"], "name": "别名乙"}
    [result] = await plan.nominate(plan.rival, item)
    assert "name_differs_from_record" in {one["code"] for one in result["value"]["findings"]}
    assert result["value"]["person"]["name"] == "演**"


@pytest.mark.clause("C35")
async def test_a_department_recommends_from_its_own_jurisdiction_only(plan: Plan):
    [foreign] = await plan.nominate(plan.ningbo, nominee(plan.class_id, 1, enterprise=1))
    assert foreign["problem"]["type"] == "urn:lingjun:problem:nominator-has-no-role"
    [own] = await plan.nominate(plan.ningbo, nominee(plan.class_id, 1, enterprise=2))
    assert own["value"]["credits"][0]["channel"] == "department_recommended"


async def test_an_institution_without_a_role_in_the_class_nominates_nobody(plan: Plan):
    [result] = await plan.nominate(plan.rival, nominee(plan.class_id, 1))
    assert result["status"] == 403


async def test_unknown_class_enterprise_and_a_draft_class_are_refused_by_name(plan: Plan):
    draft = await plan.another_class(lead_id=plan.institution, status="draft")
    results = await plan.nominate(
        plan.institution,
        nominee("0190b0a0-0000-7000-8000-000000000000", 1),
        nominee(plan.class_id, 2, enterprise=99),
        nominee(draft, 3),
    )
    assert [one["problem"]["type"].rpartition(":")[2] for one in results] == [
        "class-unknown",
        "enterprise-not-registered",
        "class-takes-no-nominations",
    ]


async def test_a_request_of_many_items_takes_as_many_statements_as_one_of_few(plan: Plan):
    engine = plan.world.database._writer.sync_engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in range(901, 961)))
    few = len(statements)
    statements.clear()
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in range(1, 601)))
    assert len(statements) <= few + 2


async def test_the_longest_words_that_a_request_takes_are_kept_on_both_databases(plan: Plan):
    tier = {"code": "t" * 60, "number": "号", "recognised_on": "2021-07-19", "edition": "版"}
    enterprise = {
        "uscc": uscc(3),
        "name": "企" * 200,
        "department_id": plan.ningbo,
        "industry_code": "3824",
        "tier": tier,
    }
    await plan.post(plan.ningbo, "/v1/enterprises", {"items": [enterprise]})
    item = nominee(plan.class_id, 1, enterprise=3)
    item["person"] |= {"name": "长" * 200, "post": "总" * 200}
    [kept] = await plan.nominate(plan.institution, item)
    assert (kept["status"], kept["value"]["tier"], len(kept["value"]["post"])) == (201, "t" * 60, 200)


async def test_passport_numbers_of_two_states_are_two_people(plan: Plan):
    def passport(issuer: str | None) -> dict[str, object]:
        item = nominee(plan.class_id, 1)
        document = {"kind": "passport", "number": "P1234567", "issuer": issuer}
        return {**item, "person": {**item["person"], "document": document}}

    french, german, stateless = await plan.nominate(
        plan.institution, passport("FRA"), passport("DEU"), passport(None)
    )
    assert french["value"]["person"]["id"] != german["value"]["person"]["id"]
    assert stateless["status"] == 422
