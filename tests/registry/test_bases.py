"""Teaching bases over HTTP: who designates them, until when they are ones, where everybody finds them."""

import asyncio
from typing import Any

import httpx
import pytest

from deploy.demo.synthetic import credit_code
from tests.support.registry_world import CYCLE, EARLIER, World, drafted, plan, problem, step

PATH = "/v1/teaching-bases"
USCC = credit_code("330102", 7)


async def designate(world: World, by: str = "人才交流中心", **changes: Any) -> httpx.Response:
    body = {
        "cycle_id": CYCLE,
        "uscc": USCC,
        "name_zh": "标杆企业",
        "department_id": world.ids["浙江省主管部门"],
        "special_topics": ["digital_empowerment", "digital_empowerment"],
        "evidence": "示范材料-01",
        "valid_from": "2022-11-01",
        "valid_until": "2024-10-31",
        **changes,
    }
    return await world.act("POST", PATH, body, by=by)


async def designated_base(world: World, **changes: Any) -> dict[str, Any]:
    answer = await designate(world, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def end(world: World, base_id: str, on: str, by: str = "人才交流中心", **given: Any) -> httpx.Response:
    body = {"ended_on": on, "reason": "requirements_unmet", "words": "示范效果不足"}
    return await world.act("POST", f"{PATH}/{base_id}/ending", body, by=by, **given)


@pytest.mark.clause("C27", "Q17")
async def test_a_base_is_designated_by_whom_the_pack_names_and_is_public(world: World):
    made = await designated_base(world)
    assert (made["uscc"], made["special_topics"], made["status"]) == (
        USCC,
        ["digital_empowerment"],
        "designated",
    )
    for by in ("部中小企业局", "浙江省主管部门", "甲大学"):
        assert problem(await designate(world, by), 403) == "act-not-held"
    earlier = await designate(world, cycle_id=EARLIER)
    assert problem(earlier, 403) == "act-not-held"
    for path in (PATH, f"{PATH}?cycle_id={CYCLE}&department_id={world.ids['浙江省主管部门']}"):
        shown = await world.act("GET", path, by="anonymous")
        assert [one["id"] for one in shown.json()["items"]] == [made["id"]]
    (told,) = await world.stated("registry.teaching_base")
    assert (told["audience"], told["data"]["valid_until"]) == ("public", "2024-10-31")


@pytest.mark.clause("C17", "C27")
async def test_the_catalogue_shows_a_base_with_names_and_says_when_nothing_changed(world: World):
    made = await designated_base(world)
    catalogue = f"/v1/catalogue/bases?cycle_id={CYCLE}"
    answer = await world.act("GET", catalogue, by="anonymous")
    (shown,) = answer.json()["items"]
    assert shown["department"]["name_zh"] == "浙江省主管部门"
    assert [one["zh"] for one in shown["special_topics"]] == ["数字化赋能"]
    assert "evidence" not in shown
    again = await world.act("GET", catalogue, by="anonymous", if_none_match=answer.headers["etag"])
    assert again.status_code == 304
    await end(world, made["id"], "2023-01-01")
    changed = await world.act("GET", catalogue, by="anonymous", if_none_match=answer.headers["etag"])
    assert [(one["status"], one["ended_on"]) for one in changed.json()["items"]] == [("ended", "2023-01-01")]
    elsewhere = f"/v1/catalogue/bases?department={world.ids['宁波市主管部门']}"
    assert (await world.act("GET", elsewhere, by="anonymous")).json()["items"] == []


@pytest.mark.clause("C27")
async def test_what_is_no_enterprise_no_department_or_no_time_is_refused(world: World):
    wrong = USCC[:-1] + ("A" if USCC[-1] != "A" else "B")
    assert problem(await designate(world, uscc=wrong), 422) == "credit-code-invalid"
    reversed_ = await designate(world, valid_until="2022-10-31")
    assert problem(reversed_, 422) == "validity-reversed"
    topic = await designate(world, special_topics=["moon"])
    assert problem(topic, 422) == "concept-absent"
    other = await designate(world, department_id=world.ids["甲大学"])
    assert problem(other, 422) == "organisation-not-department"
    assert (await designate(world, uscc=USCC.lower())).json()["uscc"] == USCC


@pytest.mark.clause("C27")
async def test_a_base_ends_once_within_its_time_for_a_reason_and_may_be_designated_anew(world: World):
    made = await designated_base(world)
    assert problem(await designate(world), 409) == "base-designated-already"
    assert problem(await end(world, made["id"], "2023-01-01", "甲大学"), 403) == "act-not-held"
    assert problem(await end(world, made["id"], "2024-11-01"), 422) == "end-outside-validity"
    assert problem(await end(world, world.ids["甲大学"], "2023-01-01"), 404) == "base-unknown"
    assert problem(await end(world, made["id"], "2023-01-01", if_match='"2"'), 412)
    ended = await end(world, made["id"], "2023-01-01", if_match='"1"')
    told = ended.json()
    assert (told["status"], told["ended_on"], told["end_zh"], told["end_words"], told["version"]) == (
        "ended",
        "2023-01-01",
        "不再符合条件。",
        "示范效果不足",
        2,
    )
    assert problem(await end(world, made["id"], "2023-01-02"), 409) == "base-ended"
    anew = await designated_base(world, valid_from="2023-06-01")
    assert anew["id"] != made["id"]


@pytest.mark.clause("C27")
async def test_an_enterprise_is_designated_once_whoever_is_first(world: World):
    answers = await asyncio.gather(*(designate(world) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]


@pytest.mark.clause("C27")
async def test_a_visit_rests_on_bases_that_are_valid_on_its_day(designated: World):
    base_id = (await designated_base(designated))["id"]
    assert (await end(designated, base_id, "2023-05-01")).status_code == 200
    class_id = await drafted(designated)

    async def filed_with(visited_id: str, on: str | None) -> httpx.Response:
        visits = [{"host": "标杆企业", "on": on, "base_id": visited_id}, {"host": "一家企业"}]
        path = f"/v1/classes/{class_id}/training-plan"
        put = await designated.act("PUT", path, plan(base_visits=visits), by="甲大学")
        assert put.status_code == 200, put.text
        return await step(designated, class_id, "filing", "甲大学")

    for day in ("2022-10-31", "2023-05-01", "2024-11-01"):
        assert problem(await filed_with(base_id, day), 409) == "base-not-valid"
    assert problem(await filed_with(designated.ids["甲大学"], None), 404) == "base-unknown"
    # A visit without a day is one on the first day of the class.
    assert (await filed_with(base_id, None)).status_code == 200
    assert (await step(designated, class_id, "return", "人才交流中心", {"reason": "改期"})).status_code == 200
    assert (await filed_with(base_id, "2023-04-30")).status_code == 200
    told = (await designated.stated("registry.class"))[-1]["data"]
    assert told["planned_visits"] == [
        {"number": 1, "host": "标杆企业", "on": "2023-04-30", "base_id": base_id},
        {"number": 2, "host": "一家企业", "on": None, "base_id": None},
    ]
