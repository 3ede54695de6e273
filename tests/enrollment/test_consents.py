"""Consents: texts by version, given and taken back in the same way, kept as recorded (PIPL 13-17)."""

from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.consents.models import Consent, ConsentText, ConsentWithdrawal
from shared.ids import new_id
from tests.support.nominees import Plan, nominee

AT = "2022-12-01T02:00:00Z"
BEFORE = "2022-11-30T02:00:00Z"


async def published(plan: Plan, purpose: str = "training") -> dict[str, Any]:
    body = {"purpose": purpose, "zh": "为组织培训处理您的信息。", "en": "We use your data for the training."}
    answer = await plan.post(plan.bureau, "/v1/consent-texts", body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def nominated(plan: Plan, *numbers: int) -> list[str]:
    made = await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in numbers or (1,)))
    return [str(one["value"]["person"]["id"]) for one in made]


def given(person_id: str, **differs: Any) -> dict[str, Any]:
    plain = {"purpose": "training", "version": 1, "channel": "paper", "given_at": AT}
    return {"person_id": person_id, **plain, **differs}


async def record(plan: Plan, by: str, *items: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await plan.post(by, "/v1/consents", {"items": list(items)})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def take_back(plan: Plan, by: str, *consent_ids: str, at: str = AT) -> list[dict[str, Any]]:
    items = [{"consent_id": one, "channel": "personal_link", "withdrawn_at": at} for one in consent_ids]
    answer = await plan.post(by, "/v1/consents/withdrawals", {"items": items})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


async def test_a_text_is_published_in_versions_that_everybody_reads(plan: Plan):
    first, second = await published(plan), await published(plan)
    other = await published(plan, "contact_after_graduation")
    assert [one["version"] for one in (first, second, other)] == [1, 2, 1]
    listed = (await plan.get(plan.rival, "/v1/consent-texts", purpose="training")).json()["items"]
    assert listed == [first, second]
    assert (await plan.post(plan.zhejiang, "/v1/consent-texts", {})).status_code == 403


@pytest.mark.clause("C43")
async def test_consents_of_many_persons_are_recorded_at_once_and_listed_per_person(plan: Plan):
    await published(plan, "contact_after_graduation")
    persons = await nominated(plan, 1, 2)
    results = await record(
        plan, plan.zhejiang, *(given(one, purpose="contact_after_graduation") for one in persons)
    )
    assert [one["status"] for one in results] == [201, 201]
    listed = (await plan.get(plan.zhejiang, f"/v1/persons/{persons[1]}/consents")).json()["items"]
    assert listed == [results[1]["value"]]
    assert (listed[0]["purpose"], listed[0]["withdrawn_at"]) == ("contact_after_graduation", None)


async def test_a_consent_is_taken_back_as_it_is_given_and_once(plan: Plan):
    await published(plan)
    [person_id] = await nominated(plan)
    [made] = await record(plan, plan.institution, given(person_id))
    consent_id = made["value"]["id"]
    [ended, twice] = await take_back(plan, plan.zhejiang, consent_id, consent_id)
    assert (ended["value"]["withdrawn_at"], ended["value"]["withdrawal_channel"]) == (AT, "personal_link")
    assert twice["problem"]["type"].endswith("consent-withdrawn-already")
    [again] = await take_back(plan, plan.institution, consent_id)
    assert again["problem"]["type"].endswith("consent-withdrawn-already")
    listed = (await plan.get(plan.bureau, f"/v1/persons/{person_id}/consents")).json()["items"]
    assert listed == [ended["value"]]


async def test_who_cares_for_a_person_records_who_reads_all_is_refused_and_others_find_nobody(plan: Plan):
    await published(plan)
    [person_id] = await nominated(plan)
    [made] = await record(plan, plan.zhejiang, given(person_id))
    for one, name in (
        (plan.centre, "consent-not-of-caller"),
        (plan.ningbo, "person-not-found"),
        (plan.rival, "person-not-found"),
    ):
        [refused] = await record(plan, one, given(person_id))
        assert refused["problem"]["type"].endswith(name)
    [unseen] = await take_back(plan, plan.ningbo, made["value"]["id"])
    assert unseen["problem"]["type"].endswith("consent-not-found")
    assert (await plan.get(plan.ningbo, f"/v1/persons/{person_id}/consents")).status_code == 404


async def test_what_cannot_be_is_refused_item_by_item(plan: Plan):
    await published(plan)
    [person_id] = await nominated(plan)
    results = await record(
        plan,
        plan.zhejiang,
        given(person_id),
        given(person_id, version=2),
        given(person_id, given_at=BEFORE),
        given(person_id, given_at="2022-12-02T02:00:00Z"),
        given(new_id()),
    )
    assert [one["status"] for one in results] == [201, 422, 422, 422, 404]
    [early] = await take_back(plan, plan.zhejiang, results[0]["value"]["id"], at=BEFORE)
    assert early["problem"]["type"].endswith("consent-out-of-time")


@pytest.mark.parametrize("table", [ConsentText, Consent, ConsentWithdrawal])
async def test_the_database_keeps_consents_as_they_were_recorded(
    plan: Plan, table: type[ConsentText | Consent | ConsentWithdrawal]
):
    await published(plan)
    [person_id] = await nominated(plan)
    [made] = await record(plan, plan.zhejiang, given(person_id))
    await take_back(plan, plan.zhejiang, made["value"]["id"])
    for change in (update(table).values(principal="someone"), delete(table)):
        with pytest.raises(DBAPIError, match="never"):
            async with plan.world.database.write() as session:
                await session.execute(change)
