"""Open selection over HTTP: an institution applies, is assessed, and is designated or declined."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.evaluations import (
    FIRST_ROUND,
    NEXT,
    decided,
    designate_next,
    designations_of,
    hear,
    load_next,
    suspensions_of,
)
from tests.support.registry_world import CYCLE, NOW, World, designation, draft, problem, refusal

HOLDER = "人才交流中心"
ASSESSMENT = {
    "reference": "评估-09",
    "assessor": "演练评估公司",
    "assessed_on": "2022-10-20",
    "result": "passed",
}
CHOSEN = {"decision": "designated", "reason": "selected", "selection_reference": "遴选-09"}
DECLINED = {"decision": "declined", "reason": "not_selected", "words": "名额已满。"}


async def apply(world: World, by: str = "甲大学", **changes: Any) -> httpx.Response:
    body = {"cycle_id": CYCLE, "class_kinds": ["theme"], **changes}
    return await world.act("POST", "/v1/designations/applications", body, by=by)


async def applied(world: World, by: str = "甲大学") -> str:
    answer = await apply(world, by)
    assert answer.status_code == 201, answer.text
    return f"/v1/designations/{answer.json()['id']}"


async def assess(world: World, path: str, by: str = HOLDER, **changes: Any) -> httpx.Response:
    return await world.act("POST", f"{path}/assessment", {**ASSESSMENT, **changes}, by=by)


async def decide(world: World, path: str, body: dict[str, Any], by: str = HOLDER) -> httpx.Response:
    return await world.act("POST", f"{path}/decision", body, by=by, now=NOW + timedelta(days=1))


@pytest.mark.clause("C13", "C14")
async def test_an_institution_applies_is_assessed_and_designated_with_every_state_dated(world: World):
    path = await applied(world)
    assert (await assess(world, path)).json()["status"] == "assessed"
    chosen = await decide(world, path, CHOSEN)
    assert chosen.status_code == 200, chosen.text
    shown = chosen.json()
    assert (shown["status"], shown["version"]) == ("designated", 3)
    assert (shown["applied_at"], shown["designated_at"]) == ("2022-11-01T02:00:00Z", "2022-11-02T02:00:00Z")
    assert (shown["assessment_reference"], shown["assessor"], shown["assessed_on"]) == (
        "评估-09",
        "演练评估公司",
        "2022-10-20",
    )
    assert shown["selection_reference"] == "遴选-09"
    turns = (await world.act("GET", f"{path}/history", by="anonymous")).json()["items"]
    assert [(one["version"], one["status"], one["reason"], one["at"], one["reference"]) for one in turns] == [
        (1, "applied", "applied", "2022-11-01T02:00:00Z", None),
        (2, "assessed", "assessment_passed", "2022-11-01T02:00:00Z", "评估-09"),
        (3, "designated", "selected", "2022-11-02T02:00:00Z", "遴选-09"),
    ]
    assert turns[2]["zh"] == "经公开遴选确定。"
    stated = await world.stated("registry.designation")
    assert [(one["aggregateversion"], one["data"]["status"]) for one in stated] == [
        (1, "applied"),
        (2, "assessed"),
        (3, "designated"),
    ]
    (made,) = await world.bulk("/v1/classes", draft(world), by="甲大学")
    assert made["status"] == 201, made


@pytest.mark.clause("C13")
async def test_a_declined_application_binds_nobody_and_ends_the_cycle_for_its_institution(world: World):
    path = await applied(world)
    await assess(world, path, result="failed")
    failed = await decide(world, path, CHOSEN)
    assert problem(failed, 409) == "assessment-failed"
    declined = await decide(world, path, {**DECLINED, "reason": "assessment_failed"})
    assert declined.json()["status"] == "declined"
    turns = (await world.act("GET", f"{path}/history", by="甲大学")).json()["items"]
    assert [(one["reason"], one["words"]) for one in turns[1:]] == [
        ("assessment_failed", None),
        ("assessment_failed", "名额已满。"),
    ]
    assert problem(await apply(world), 409) == "applied-already"
    (direct,) = await world.bulk("/v1/designations", designation(world, "甲大学"), by=HOLDER)
    assert refusal(direct) == "applied-already"
    assert problem(await decide(world, path, DECLINED), 409) == "application-state-forbids"


@pytest.mark.clause("C13")
async def test_an_application_carries_no_class_until_it_is_decided(world: World):
    path = await applied(world)
    await assess(world, path)
    (made,) = await world.bulk("/v1/classes", draft(world), by="甲大学")
    class_id = made["value"]["id"]
    plan = {
        "courses": [
            {"title": "战略", "minutes": 600, "method": "lecture", "directions": ["manufacturing_power"]}
        ],
        "completion": {"min_attendance_percent": 80, "min_minutes": 300},
    }
    await world.act("PUT", f"/v1/classes/{class_id}/training-plan", plan, by="甲大学")
    filed = await world.act("POST", f"/v1/classes/{class_id}/filing", {}, by="甲大学")
    assert problem(filed, 409) == "institution-not-designated"
    await decide(world, path, CHOSEN)
    filed = await world.act("POST", f"/v1/classes/{class_id}/filing", {}, by="甲大学")
    assert filed.status_code == 200, filed.text


@pytest.mark.clause("C13")
async def test_an_application_is_seen_by_its_institution_and_by_who_decides_it_until_it_is_held(world: World):
    path = await applied(world)

    async def sees() -> dict[str, tuple[int, int, int]]:
        found = {}
        for name in ("anonymous", "乙大学", "浙江省主管部门", "甲大学", HOLDER, "部中小企业局"):
            one = await world.act("GET", path, by=name)
            history = await world.act("GET", f"{path}/history", by=name)
            listed = await world.act("GET", f"/v1/designations?cycle_id={CYCLE}", by=name)
            found[name] = (one.status_code, history.status_code, len(listed.json()["items"]))
        return found

    strangers, concerned = ("anonymous", "乙大学", "浙江省主管部门"), ("甲大学", HOLDER, "部中小企业局")
    assert await sees() == {
        **dict.fromkeys(strangers, (404, 404, 0)),
        **dict.fromkeys(concerned, (200, 200, 1)),
    }
    (stated,) = await world.stated("registry.designation")
    applicant, holder = f"org:{world.ids['甲大学']}", f"act:{CYCLE}/designate_institutions"
    assert set(stated["audience"].split()) == {applicant, holder}
    await assess(world, path)
    await decide(world, path, CHOSEN)
    assert await sees() == dict.fromkeys((*strangers, *concerned), (200, 200, 1))
    assert (await world.stated("registry.designation"))[-1]["audience"] == "public"


@pytest.mark.clause("C13", "C18")
async def test_who_assesses_and_decides_is_read_from_the_pack(world: World):
    path = await applied(world)
    for name, expected in (("部中小企业局", 403), ("甲大学", 403), ("乙大学", 404), ("anonymous", 401)):
        answer = await assess(world, path, by=name)
        assert answer.status_code == expected, name
    await assess(world, path)
    for name, expected in (("部中小企业局", 403), ("甲大学", 403), ("乙大学", 404), ("anonymous", 401)):
        answer = await decide(world, path, CHOSEN, by=name)
        assert answer.status_code == expected, name


@pytest.mark.clause("C13", "C14")
async def test_what_stands_in_the_way_of_a_selection_is_named(world: World):
    assert problem(await apply(world, "浙江省主管部门"), 422) == "kind-never-teaches"
    assert problem(await apply(world, class_kinds=["special_topic"]), 422) == "kind-takes-no-designation"
    assert problem(await apply(world, class_kinds=["region"]), 422) == "concept-absent"
    assert problem(await apply(world, cycle_id="no.such"), 404) == "cycle-unknown"
    path = await applied(world)
    assert problem(await decide(world, path, CHOSEN), 409) == "application-state-forbids"
    assert problem(await assess(world, path, assessed_on="2022-11-02"), 422) == "assessment-not-yet-held"
    stale = await world.act("POST", f"{path}/assessment", ASSESSMENT, by=HOLDER, If_Match='"9"')
    assert stale.status_code == 412
    await assess(world, path)
    assert problem(await assess(world, path), 409) == "application-state-forbids"
    other = await decide(world, path, {**CHOSEN, "reason": "not_selected"})
    assert problem(other, 422) == "reason-of-other-decision"
    bare = await decide(world, path, {**CHOSEN, "selection_reference": None})
    assert problem(bare, 422) == "evidence-missing"
    assert (await decide(world, path, CHOSEN)).status_code == 200
    assert problem(await apply(world), 409) == "already-designated"
    # The list of the notice stays open: any body that teaches may apply (C14).
    assert (await apply(world, "丙培训机构")).status_code == 201


@pytest.mark.clause("C13")
async def test_one_institution_applies_once_and_is_decided_once_whatever_happens_at_the_same_instant(
    world: World,
):
    answers = await asyncio.gather(*(apply(world) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    path = next(f"/v1/designations/{one.json()['id']}" for one in answers if one.status_code == 201)
    await assess(world, path)
    bodies = (CHOSEN, DECLINED) * 3
    decisions = await asyncio.gather(*(decide(world, path, body) for body in bodies))
    assert sorted(answer.status_code for answer in decisions) == [200] + [409] * 5
    versions = [one["aggregateversion"] for one in await world.stated("registry.designation")]
    assert versions == [1, 2, 3]


@pytest.mark.clause("C13", "C14")
async def test_the_direct_way_leaves_its_trace_in_the_history(designated: World):
    listed = await designated.act("GET", f"/v1/designations?cycle_id={CYCLE}", by="anonymous")
    path = f"/v1/designations/{listed.json()['items'][0]['id']}"
    (turn,) = (await designated.act("GET", f"{path}/history", by="anonymous")).json()["items"]
    assert (turn["status"], turn["reason"], turn["reference"]) == (
        "designated",
        "designated_directly",
        "遴选-01",
    )


@pytest.mark.clause("C13", "C39", "Q14")
async def test_a_suspension_leaves_applications_alone_and_keeps_the_applicant_from_being_designated(
    world: World,
):
    await load_next(world, active=True)
    answer = await apply(world, cycle_id=NEXT)
    path = f"/v1/designations/{answer.json()['id']}"
    await assess(world, path)
    await hear(world, decided(world.ids["甲大学"]))
    shown = (await world.act("GET", path, by="甲大学")).json()
    assert (shown["status"], shown["version"]) == ("assessed", 2)
    barred = await decide(world, path, CHOSEN)
    assert problem(barred, 409) == "institution-suspended"
    assert barred.json()["evaluation_id"] == FIRST_ROUND
    (suspension,) = await suspensions_of(world, "甲大学")
    await world.act("POST", f"/v1/suspensions/{suspension['id']}/lifting", {"reason": "整改合格"})
    assert (await world.act("GET", path, by="甲大学")).json()["status"] == "assessed"
    assert (await decide(world, path, CHOSEN)).json()["status"] == "designated"


@pytest.mark.clause("C39", "Q14")
async def test_the_history_dates_a_suspension_and_its_end_and_names_the_evaluation(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    await hear(world, decided(world.ids["甲大学"]))
    (suspension,) = await suspensions_of(world, "甲大学")
    later = NOW + timedelta(days=9)
    lifting = f"/v1/suspensions/{suspension['id']}/lifting"
    await world.act("POST", lifting, {"reason": "整改合格"}, now=later)
    path = f"/v1/designations/{(await designations_of(world))['甲大学']['id']}/history"
    turns = (await world.act("GET", path, by="anonymous")).json()["items"]
    assert [(one["version"], one["status"], one["reason"], one["reference"]) for one in turns] == [
        (1, "designated", "designated_directly", "遴选-01"),
        (2, "suspended", "suspended_by_evaluation", FIRST_ROUND),
        (3, "designated", "suspension_lifted", None),
    ]
    assert turns[1]["at"] == suspension["decided_at"]
    assert turns[2]["at"] == "2022-11-10T02:00:00Z"
