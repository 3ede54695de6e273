"""What others say of an enterprise waits for its home department; how it was stated before stays readable."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.enterprises.models import EnterpriseVersion
from tests.support.nominees import Plan, uscc


def said(plan: Plan, **differs: Any) -> dict[str, Any]:
    """Say what is on record of the enterprise in Zhejiang, and what differs."""
    plain = {
        "uscc": uscc(1),
        "name": "演练企业1",
        "department_id": plan.zhejiang,
        "industry_code": "3824",
        "employees": 200,
        "revenue_wan": "3000",
    }
    return {**plain, **differs}


async def state(plan: Plan, by: str, **differs: Any) -> dict[str, Any]:
    answer = await plan.post(by, "/v1/enterprises", {"items": [said(plan, **differs)]})
    assert answer.status_code == 200, answer.text
    return answer.json()["results"][0]


async def proposals(plan: Plan, by: str, **query: str) -> list[dict[str, Any]]:
    return (await plan.get(by, "/v1/enterprise-proposals", **query)).json()["items"]


async def record(plan: Plan) -> dict[str, Any]:
    return (await plan.get(plan.zhejiang, "/v1/enterprises")).json()["items"][0]


async def test_a_differing_statement_of_another_body_waits_for_the_home_department(plan: Plan):
    before = await record(plan)
    result = await state(plan, plan.institution, employees=400)
    assert (result["status"], result["value"]) == (202, before)
    [proposal] = await proposals(plan, plan.zhejiang)
    assert proposal["statement"]["employees"] == 400
    assert (proposal["status"], proposal["proposed_by"]) == ("open", plan.institution)
    assert await record(plan) == before


async def test_who_says_what_is_on_record_proposes_nothing(plan: Plan):
    assert (await state(plan, plan.institution))["status"] == 200
    assert await proposals(plan, plan.zhejiang) == []


async def test_what_the_home_department_accepts_is_on_record(plan: Plan):
    await state(plan, plan.institution, employees=400, name="演练企业甲")
    [proposal] = await proposals(plan, plan.zhejiang)
    answer = await plan.post(plan.zhejiang, f"/v1/enterprise-proposals/{proposal['id']}/acceptance")
    assert answer.json()["status"] == "accepted"
    now = await record(plan)
    assert (now["employees"], now["name"], now["status"], now["version"]) == (
        400,
        "演练企业甲",
        "confirmed",
        2,
    )
    told = await plan.world.told("enrollment.enterprise.state.v1")
    assert [one.version for one in told if one.data["uscc"] == uscc(1)] == [1, 2]
    again = await plan.post(plan.zhejiang, f"/v1/enterprise-proposals/{proposal['id']}/acceptance")
    assert again.json()["type"].endswith("proposal-decided")


async def test_what_it_refuses_leaves_the_record_and_the_proposer_reads_why(plan: Plan):
    before = await record(plan)
    await state(plan, plan.institution, employees=400)
    [proposal] = await proposals(plan, plan.institution)
    path = f"/v1/enterprise-proposals/{proposal['id']}"
    await plan.post(plan.zhejiang, f"{path}/refusal", {"reason": "与年报不符"})
    [seen] = await proposals(plan, plan.institution, status="refused")
    assert (seen["id"], seen["reason"]) == (proposal["id"], "与年报不符")
    assert await record(plan) == before
    assert (await state(plan, plan.institution, employees=401))["status"] == 202
    assert len(await proposals(plan, plan.zhejiang, status="open")) == 1


async def test_one_proposal_of_a_body_is_open_and_says_what_it_said_last(plan: Plan):
    for employees in (400, 500):
        await state(plan, plan.institution, employees=employees)
    await state(plan, plan.rival, employees=600)
    assert sorted(one["statement"]["employees"] for one in await proposals(plan, plan.zhejiang)) == [500, 600]


@pytest.mark.clause("Q11")
async def test_no_other_department_proposes_or_learns_anything(plan: Plan):
    await state(plan, plan.institution, employees=400)
    [proposal] = await proposals(plan, plan.institution)
    refused = await state(plan, plan.ningbo, department_id=plan.ningbo)
    assert refused["problem"]["type"].endswith("enterprise-of-another-department")
    assert len(await proposals(plan, plan.zhejiang)) == 1
    for stranger in (plan.ningbo, plan.rival):
        assert await proposals(plan, stranger) == []
        for act in ("", "/acceptance", "/refusal"):
            path = f"/v1/enterprise-proposals/{proposal['id']}{act}"
            body = {"reason": "无"} if act == "/refusal" else None
            answer = await (plan.post(stranger, path, body) if act else plan.get(stranger, path))
            assert answer.status_code == 404


async def test_only_the_home_department_decides(plan: Plan):
    await state(plan, plan.institution, employees=400)
    [proposal] = await proposals(plan, plan.institution)
    for one in (plan.institution, plan.bureau, plan.centre):
        answer = await plan.post(one, f"/v1/enterprise-proposals/{proposal['id']}/acceptance")
        assert answer.json()["type"].endswith("proposal-not-for-caller")


async def test_an_accepted_proposal_of_another_home_hands_the_record_over(plan: Plan):
    await state(plan, plan.institution, department_id=plan.ningbo)
    [proposal] = await proposals(plan, plan.zhejiang)
    await plan.post(plan.zhejiang, f"/v1/enterprise-proposals/{proposal['id']}/acceptance")
    listed = (await plan.get(plan.ningbo, "/v1/enterprises", uscc=uscc(1))).json()["items"]
    assert [(one["department_id"], one["status"]) for one in listed] == [(plan.ningbo, "proposed")]


@pytest.mark.clause("C28")
async def test_titles_and_figures_of_before_are_read_by_version(plan: Plan):
    title = {
        "code": "specialised",
        "number": "ZJ-1",
        "recognised_on": "2021-01-01",
        "expires_on": "2024-01-01",
        "edition": "2022〔63〕",
    }
    await state(plan, plan.zhejiang, tier=title)
    await state(plan, plan.zhejiang, tier={**title, "number": "ZJ-2"}, employees=900)
    enterprise_id = (await record(plan))["id"]
    listed = (await plan.get(plan.zhejiang, f"/v1/enterprises/{enterprise_id}/versions")).json()["items"]
    records = [one["record"] for one in listed]
    assert [one["version"] for one in records] == [1, 2, 3]
    assert [one["tier"] and one["tier"]["number"] for one in records] == [None, "ZJ-1", "ZJ-2"]
    assert [one["employees"] for one in records] == [200, 200, 900]
    assert {one["stated_by"] for one in listed} == {plan.zhejiang}
    for stranger in (plan.ningbo, plan.institution):
        assert (await plan.get(stranger, f"/v1/enterprises/{enterprise_id}/versions")).status_code == 404


async def test_the_database_keeps_versions_as_they_were(plan: Plan):
    async with plan.world.database.read() as session:
        assert len((await session.scalars(select(EnterpriseVersion))).all()) == 2
    for change in (update(EnterpriseVersion).values(stated_by="x"), delete(EnterpriseVersion)):
        with pytest.raises(DBAPIError, match="never"):
            async with plan.world.database.write() as session:
                await session.execute(change)
