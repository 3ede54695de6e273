"""A person is masked by default, shown in full once and with a reason, and every such view is on record."""

from typing import Any

import httpx
import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.disclosures.models import FullView
from shared.idempotency import idempotency_keys
from tests.support.nominees import Plan, card, nominee

ASKED = {"purpose": "identity_check", "reason": "核对结业证书所载身份"}


async def nominated(plan: Plan) -> str:
    [made] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    return str(made["value"]["person"]["id"])


async def see(plan: Plan, by: str, person_id: str, **headers: str) -> httpx.Response:
    async with plan.client(by, f"clerk-of-{by}") as http:
        return await http.post(f"/v1/persons/{person_id}/full-views", json=ASKED, headers=headers)


async def logged(plan: Plan, by: str) -> list[dict[str, Any]]:
    return (await plan.get(by, "/v1/full-views")).json()["items"]


@pytest.mark.clause("C35")
async def test_a_person_is_masked_for_who_sees_the_trainee_and_hidden_from_everybody_else(plan: Plan):
    person_id = await nominated(plan)
    for one in (plan.zhejiang, plan.institution, plan.centre, plan.bureau):
        shown = (await plan.get(one, f"/v1/persons/{person_id}")).json()
        assert (shown["name"], shown["merged_into"]) == ("演**", None)
        assert card(1) not in str(shown)
    for one in (plan.ningbo, plan.rival):
        assert (await plan.get(one, f"/v1/persons/{person_id}")).status_code == 404


@pytest.mark.clause("C35", "Q11")
async def test_the_home_department_and_who_runs_a_class_see_a_person_in_full(plan: Plan):
    person_id = await nominated(plan)
    for one in (plan.zhejiang, plan.institution):
        answer = await see(plan, one, person_id)
        assert answer.status_code == 201, answer.text
        assert answer.json()["person"] == {
            "name": "演练甲",
            "document_kind": "resident_card",
            "document_number": card(1),
            "document_issuer": None,
            "phone": "13900000000",
        }


async def test_who_only_reviews_or_reads_is_refused_and_a_stranger_finds_nobody(plan: Plan):
    person_id = await nominated(plan)
    evaluator = await plan.world.organisation("evaluator", "考核机构")
    operator = await plan.world.organisation("operator", "运维")
    for one, status in (
        (plan.bureau, 403),
        (plan.centre, 403),
        (plan.ningbo, 404),
        (plan.rival, 404),
        (evaluator, 404),
        (operator, 404),
    ):
        assert (await see(plan, one, person_id)).status_code == status
    assert await logged(plan, plan.bureau) == []


async def test_a_view_is_on_record_with_who_saw_what_when_and_why(plan: Plan):
    person_id = await nominated(plan)
    await see(plan, plan.zhejiang, person_id)
    [entry] = await logged(plan, plan.bureau)
    assert entry["viewed_at"] == "2022-12-01T02:00:00Z"
    entry = {name: value for name, value in entry.items() if name not in {"id", "viewed_at"}}
    assert entry == {
        "person_id": person_id,
        "organisation_id": plan.zhejiang,
        "principal": f"clerk-of-{plan.zhejiang}",
        **ASKED,
        "fields": ["name", "document_kind", "document_number", "phone"],
    }


async def test_an_organisation_reads_the_record_of_its_own_views_only(plan: Plan):
    person_id = await nominated(plan)
    await see(plan, plan.zhejiang, person_id)
    await see(plan, plan.institution, person_id)
    assert [one["organisation_id"] for one in await logged(plan, plan.zhejiang)] == [plan.zhejiang]
    assert await logged(plan, plan.ningbo) == []
    assert len(await logged(plan, plan.bureau)) == 2


async def test_a_repeated_request_shows_the_record_and_nobody_keeps_the_answer(plan: Plan):
    person_id = await nominated(plan)
    first = await see(plan, plan.zhejiang, person_id, **{"Idempotency-Key": "once"})
    again = await see(plan, plan.zhejiang, person_id, **{"Idempotency-Key": "once"})
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == {**first.json(), "person": None}
    async with plan.world.database.read() as session:
        kept = b"".join(body or b"" for body in await session.scalars(select(idempotency_keys.c.body)))
        stored = str((await session.execute(text("select * from full_views"))).all())
    assert card(1) not in kept.decode() + stored
    assert len(await logged(plan, plan.bureau)) == 1


async def test_a_view_needs_a_purpose_of_the_list_and_a_reason(plan: Plan):
    person_id = await nominated(plan)
    for body in ({"purpose": "curiosity", "reason": "想看"}, {"purpose": "contact", "reason": " "}):
        answer = await plan.post(plan.zhejiang, f"/v1/persons/{person_id}/full-views", body)
        assert answer.status_code == 422


async def test_the_database_keeps_the_record_as_it_is(plan: Plan):
    await see(plan, plan.zhejiang, await nominated(plan))
    for change in (update(FullView).values(reason="另有原因"), delete(FullView)):
        with pytest.raises(DBAPIError, match="never"):
            async with plan.world.database.write() as session:
                await session.execute(change)
