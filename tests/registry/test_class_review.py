"""Training plans, review, visibility and the end of classes over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.registry.test_classes import FIRST_DAY, LAST_DAY, status_of
from tests.support.registry_world import World, approved, cancel, draft, drafted, plan, problem, step


@pytest.mark.clause("C32", "Q10")
async def test_a_class_is_not_filed_without_a_plan_nor_approved_without_agreement(designated: World):
    (result,) = await designated.bulk("/v1/classes", draft(designated), by="甲大学")
    class_id = result["value"]["id"]
    assert problem(await step(designated, class_id, "filing", "甲大学"), 409) == "plan-missing"
    await designated.act("PUT", f"/v1/classes/{class_id}/training-plan", plan(), by="甲大学")
    await step(designated, class_id, "filing", "甲大学")
    early = await step(designated, class_id, "approval", "人才交流中心")
    assert problem(early, 409) == "plan-not-agreed"
    stranger = await step(designated, class_id, "agreement", "部中小企业局")
    assert problem(stranger, 403) == "act-not-held"
    assert (await step(designated, class_id, "agreement", "人才交流中心")).json()["plan_agreed"]
    twice = await step(designated, class_id, "agreement", "人才交流中心")
    assert problem(twice, 409) == "plan-already-agreed"


UNFIT: list[tuple[dict[str, Any], int, str]] = [
    ({"completion": {"min_attendance_percent": 80, "min_minutes": 1201}}, 422, "completion-unreachable"),
    ({"completion": {"min_attendance_percent": 101}}, 422, "invalid-request"),
    ({"courses": []}, 422, "invalid-request"),
    (
        {"courses": [{"title": "甲", "minutes": 9, "method": "talk", "directions": ["cooking"]}]},
        422,
        "concept-absent",
    ),
    (
        {"courses": [{"title": "甲", "minutes": 9, "method": "talk", "mode": "asleep"}]},
        422,
        "concept-absent",
    ),
    ({"consenting_ids": ["01890a5d-ac96-774b-bcce-b302099a8057"]}, 404, "organisation-unknown"),
    ({"budget_heads": [{"head": "师资", "planned_fen": 0.5}]}, 422, "invalid-request"),
]


@pytest.mark.clause("C11", "C41", "Q10")
async def test_a_plan_that_cannot_stand_is_refused_and_the_old_one_kept(designated: World):
    class_id = await drafted(designated)
    for changes, status, expected in UNFIT:
        path = f"/v1/classes/{class_id}/training-plan"
        answer = await designated.act("PUT", path, plan(**changes), by="甲大学")
        assert problem(answer, status) == expected
    kept = (await designated.act("GET", f"/v1/classes/{class_id}", by="甲大学")).json()
    assert (kept["plan"]["planned_minutes"], kept["version"]) == (1200, 2)


@pytest.mark.clause("C32")
async def test_a_filed_class_is_fixed_and_a_returned_one_is_mended_and_agreed_anew(designated: World):
    class_id = await drafted(designated)
    await step(designated, class_id, "filing", "甲大学")
    await step(designated, class_id, "agreement", "人才交流中心")
    path = f"/v1/classes/{class_id}"
    facts = {name: value for name, value in draft(designated).items() if name != "cycle_id"}
    fixed = await designated.act("PUT", path, facts, by="甲大学")
    assert problem(fixed, 409) == "class-state-forbids"
    fixed = await designated.act("PUT", f"{path}/training-plan", plan(), by="甲大学")
    assert problem(fixed, 409) == "class-state-forbids"

    returned = await step(designated, class_id, "return", "人才交流中心", {"reason": "容量过大"})
    assert (returned.json()["status"], returned.json()["reason"]) == ("returned", "容量过大")
    mended = await designated.act("PUT", path, {**facts, "capacity": 40}, by="甲大学")
    assert mended.json()["capacity"] == 40
    filed = (await step(designated, class_id, "filing", "甲大学")).json()
    assert (filed["status"], filed["plan_agreed"], filed["reason"]) == ("filed", False, None)


async def test_a_step_that_the_state_forbids_is_refused_and_changes_nothing(designated: World):
    class_id = await drafted(designated)
    for name, by in (("agreement", "人才交流中心"), ("approval", "人才交流中心"), ("start", "甲大学")):
        answer = await step(designated, class_id, name, by)
        assert problem(answer, 409) == "class-state-forbids"
    assert await status_of(designated, class_id) == "draft"
    assert len(await designated.stated("registry.class")) == 2


async def test_a_draft_is_hidden_from_strangers_and_a_filed_class_is_not(designated: World):
    class_id = await drafted(designated)

    async def seeing() -> list[str]:
        names = ["甲大学", "乙大学", "浙江省主管部门", "部中小企业局", "operator", "人才交流中心"]
        seen: list[str] = []
        for name in names:
            one = await designated.act("GET", f"/v1/classes/{class_id}", by=name)
            listed = (await designated.act("GET", "/v1/classes", by=name)).json()["items"]
            assert [row["id"] for row in listed] == ([class_id] if one.status_code == 200 else [])
            seen += [name] if one.status_code == 200 else []
        return seen

    assert await seeing() == ["甲大学", "部中小企业局", "operator", "人才交流中心"]
    assert problem(await step(designated, class_id, "filing", "乙大学"), 404) == "class-unknown"
    await step(designated, class_id, "filing", "甲大学")
    assert len(await seeing()) == 6
    for name, by in (("filing", "乙大学"), ("start", "乙大学")):
        assert problem(await step(designated, class_id, name, by), 403) == "class-of-others"
    assert problem(await cancel(designated, class_id, "浙江省主管部门"), 403) == "class-of-others"


async def test_a_class_neither_starts_before_its_first_day_nor_ends_before_its_last(designated: World):
    class_id = await approved(designated)
    instant = timedelta(microseconds=1)
    early = await step(designated, class_id, "start", "甲大学", now=FIRST_DAY - instant)
    assert problem(early, 409) == "class-starts-later"
    await step(designated, class_id, "start", "甲大学", now=FIRST_DAY)
    early = await step(designated, class_id, "finish", "甲大学", now=LAST_DAY - instant)
    assert problem(early, 409) == "class-ends-later"


@pytest.mark.parametrize(("by", "status"), [("甲大学", 200), ("人才交流中心", 200), ("乙大学", 403)])
async def test_a_class_is_cancelled_for_a_reason_by_its_parties_or_the_approver(
    designated: World, by: str, status: int
):
    class_id = await approved(designated)
    assert problem(await step(designated, class_id, "cancellation", by), 422) == "invalid-request"
    answer = await cancel(designated, class_id, by)
    assert answer.status_code == status, answer.text


async def test_a_class_approved_many_times_at_once_is_approved_once(designated: World):
    class_id = await drafted(designated)
    await step(designated, class_id, "filing", "甲大学")
    await step(designated, class_id, "agreement", "人才交流中心")
    answers = await asyncio.gather(
        *(step(designated, class_id, "approval", "人才交流中心") for _ in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    states = [one["data"]["status"] for one in await designated.stated("registry.class")]
    assert states.count("approved") == 1


async def test_a_step_that_rests_on_an_old_version_is_refused(designated: World):
    class_id = await drafted(designated)
    answer = await step(designated, class_id, "filing", "甲大学", If_Match='"1"')
    assert problem(answer, 412) == "version-conflict"
    answer = await step(designated, class_id, "filing", "甲大学", If_Match='"2"')
    assert answer.headers["etag"] == '"3"'


async def test_what_version_a_class_has_is_told_to_nobody_who_may_not_change_it(designated: World):
    class_id = await drafted(designated)
    for name, by, status in (
        ("filing", "乙大学", 404),
        ("start", "乙大学", 404),
        ("approval", "乙大学", 403),
    ):
        answer = await step(designated, class_id, name, by, If_Match='"9"')
        assert answer.status_code == status
        assert "current" not in answer.json()
