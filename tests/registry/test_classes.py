"""A class from draft to finish over HTTP, as the pack of its cycle arranges it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.registry_world import (
    CYCLE,
    EARLIER,
    World,
    approved,
    designation,
    draft,
    drafted,
    plan,
    problem,
    refusal,
    step,
)

FIRST_DAY = datetime(2023, 1, 9, 16, 0, tzinfo=UTC)  # midnight of the tenth in Shanghai
LAST_DAY = datetime(2023, 6, 29, 16, 0, tzinfo=UTC)


async def status_of(world: World, class_id: str) -> str:
    return (await world.act("GET", f"/v1/classes/{class_id}")).json()["status"]


@pytest.mark.clause("C13", "C32", "Q10")
async def test_a_class_goes_from_draft_to_finish_and_states_each_step(designated: World):
    class_id = await approved(designated)
    for name, now in (("start", FIRST_DAY), ("finish", LAST_DAY)):
        answer = await step(designated, class_id, name, "甲大学", now=now)
        assert answer.status_code == 200, answer.text
    stated = await designated.stated("registry.class")
    assert [one["data"]["status"] for one in stated] == [
        "draft",
        "draft",
        "filed",
        "filed",
        "approved",
        "running",
        "finished",
    ]
    assert [one["aggregateversion"] for one in stated] == [1, 2, 3, 4, 5, 6, 7]
    last = stated[-1]["data"]
    assert last["planned_minutes"] == 1200
    assert last["completion"] == {"min_attendance_percent": 80, "min_minutes": 900}


UNARRANGED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "region"}, "concept-absent"),
    ({"arrangement": "solo"}, "concept-absent"),
    ({"kind": "boot_camp", "arrangement": "joint"}, "concept-absent"),
    ({"special_topic": "specialised"}, "topic-not-asked"),
    ({"ends_on": "2023-01-09"}, "dates-reversed"),
    ({"ends_on": "2024-01-11"}, "class-too-long"),
    ({"institution_ids": []}, "too-few-institutions"),
    ({"place_department_id": "甲大学"}, "place-not-department"),
    ({"place_department_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "organisation-unknown"),
    ({"institution_ids": ["甲大学", "甲大学"]}, "organiser-named-twice"),
    ({"institution_ids": ["甲大学", "宁波市主管部门"]}, "kind-never-teaches"),
    ({"lead_id": "丙培训机构"}, "lead-not-involved"),
    (
        {"lead_id": "丙培训机构", "institution_ids": ["甲大学", "丙培训机构"]},
        "lead-kind-not-allowed",
    ),
    (
        {"co_organisers": [{"organisation_id": "丁服务机构", "kind": "training_body"}]},
        "co-organiser-of-other-kind",
    ),
    ({"cycle_id": "no.such"}, "cycle-unknown"),
]


@pytest.mark.clause("C08", "C15", "C29")
async def test_a_draft_that_the_pack_does_not_know_is_refused_by_name(designated: World):
    drafts = [draft(designated, **_with_ids(designated, changes)) for changes, _ in UNARRANGED]
    results = await designated.bulk("/v1/classes", *drafts, by="甲大学")
    assert [refusal(result) for result in results] == [expected for _, expected in UNARRANGED]


def _with_ids(world: World, value: Any) -> Any:
    """Put ids in the place of names."""
    match value:
        case dict():
            return {name: _with_ids(world, part) for name, part in value.items()}
        case list():
            return [_with_ids(world, part) for part in value]
        case str():
            return world.ids.get(value, value)
        case _:
            return value


@pytest.mark.clause("C08")
async def test_a_class_may_end_on_the_anniversary_of_its_start(designated: World):
    body = draft(designated, ends_on="2024-01-10")
    assert (await designated.bulk("/v1/classes", body, by="甲大学"))[0]["status"] == 201


@pytest.mark.clause("C29")
async def test_who_may_file_is_read_from_the_arrangement(designated: World):
    for name in ("浙江省主管部门", "部中小企业局", "丁服务机构"):
        (result,) = await designated.bulk("/v1/classes", draft(designated), by=name)
        assert refusal(result) == "filer-kind-not-allowed"


@pytest.mark.clause("C13")
async def test_a_class_of_own_arrangement_needs_designations_in_force(world: World):
    class_id = await drafted(world)
    answer = await step(world, class_id, "filing", "甲大学")
    assert problem(answer, 409) == "institution-not-designated"

    other_kind = designation(world, "甲大学", class_kinds=["regional_development"])
    await world.bulk("/v1/designations", other_kind, by="人才交流中心")
    answer = await step(world, class_id, "filing", "甲大学")
    assert problem(answer, 409) == "institution-not-designated"
    assert answer.json()["class_kind"] == "theme"


@pytest.mark.clause("C29")
async def test_a_commissioned_class_is_filed_by_a_department_and_coordinated_before_approval(
    designated: World,
):
    class_id = await drafted(designated, "浙江省主管部门", arrangement="commissioned")
    shown = (await designated.act("GET", f"/v1/classes/{class_id}")).json()
    assert shown["filed_by"] == shown["lead_id"] == designated.ids["浙江省主管部门"]

    refused = await step(designated, class_id, "filing", "浙江省主管部门")
    assert problem(refused, 409) == "consent-missing"
    consenting = plan(consenting_ids=[designated.ids["甲大学"]])
    path = f"/v1/classes/{class_id}/training-plan"
    await designated.act("PUT", path, consenting, by="浙江省主管部门")
    assert (await step(designated, class_id, "filing", "浙江省主管部门")).status_code == 200
    await step(designated, class_id, "agreement", "人才交流中心")
    early = await step(designated, class_id, "approval", "人才交流中心")
    assert problem(early, 409) == "not-coordinated"
    wrong = await step(designated, class_id, "coordination", "人才交流中心")
    assert problem(wrong, 403) == "act-not-held"
    assert (await step(designated, class_id, "coordination", "部中小企业局")).json()["coordinated"]
    twice = await step(designated, class_id, "coordination", "部中小企业局")
    assert problem(twice, 409) == "already-coordinated"
    assert (await step(designated, class_id, "approval", "人才交流中心")).json()["status"] == "approved"


@pytest.mark.clause("C29", "Q13")
async def test_the_earlier_cycle_takes_exactly_one_institution_of_any_kind_for_a_commissioned_class(
    world: World,
):
    changes = {
        "cycle_id": EARLIER,
        "kind": "region",
        "arrangement": "commissioned",
        "starts_on": "2019-09-01",
        "ends_on": "2020-08-31",
    }
    both = [world.ids["丙培训机构"], world.ids["乙大学"]]
    (many,) = await world.bulk(
        "/v1/classes", draft(world, **changes, institution_ids=both), by="浙江省主管部门"
    )
    assert refusal(many) == "too-many-institutions"
    body = draft(world, **changes, institution_ids=both[:1], lead_id=both[0])
    (one,) = await world.bulk("/v1/classes", body, by="浙江省主管部门")
    assert one["value"]["lead_id"] == world.ids["丙培训机构"]


@pytest.mark.clause("C16")
async def test_special_topics_are_led_by_whom_the_pack_names_with_co_organisers_of_its_kinds(world: World):
    topic: dict[str, Any] = {
        "kind": "special_topic",
        "institution_ids": [],
        "special_topic": (await _topics(world))[0],
    }
    partner = {"organisation_id": world.ids["丁服务机构"], "kind": "service_body"}
    department = {"organisation_id": world.ids["浙江省主管部门"], "kind": "department"}
    results = await world.bulk(
        "/v1/classes",
        draft(world, **topic, co_organisers=[partner]),
        draft(world, **topic, co_organisers=[department]),
        draft(world, **(topic | {"special_topic": None})),
        draft(world, **(topic | {"special_topic": "no_such"})),
        by="人才交流中心",
    )
    assert results[0]["value"]["co_organisers"] == [partner]
    assert [refusal(one) for one in results[1:]] == [
        "co-organiser-kind-not-allowed",
        "topic-missing",
        "concept-absent",
    ]
    (stranger,) = await world.bulk("/v1/classes", draft(world, **topic), by="甲大学")
    assert refusal(stranger) == "filer-kind-not-allowed"


async def _topics(world: World) -> list[str]:
    pack = (await world.act("GET", f"/v1/policy-packs/{CYCLE}")).json()["document"]
    return [topic["code"] for topic in pack["special_topics"]]


async def test_saying_a_class_and_its_plan_again_changes_nothing(designated: World):
    class_id = await drafted(designated)
    said = draft(designated)
    del said["cycle_id"]
    for path, body in ((f"/v1/classes/{class_id}", said), (f"/v1/classes/{class_id}/training-plan", plan())):
        again = await designated.act("PUT", path, body, by="甲大学")
        assert (again.status_code, again.json()["version"]) == (200, 2), again.text
    assert [one["aggregateversion"] for one in await designated.stated("registry.class")] == [1, 2]

    other = await designated.act("PUT", f"/v1/classes/{class_id}", said | {"capacity": 61}, by="甲大学")
    assert (other.json()["version"], other.json()["capacity"]) == (3, 61)
    teaching = [designated.ids["甲大学"], designated.ids["乙大学"]]
    both = said | {"capacity": 61, "institution_ids": teaching}
    other = await designated.act("PUT", f"/v1/classes/{class_id}", both, by="甲大学")
    assert (other.json()["version"], other.json()["institution_ids"]) == (4, teaching)


@pytest.mark.clause("C32")
async def test_a_filed_plan_is_shown_to_who_has_to_do_with_the_class_and_to_no_rival(designated: World):
    class_id = await approved(designated)
    shown = {}
    for name in ("甲大学", "人才交流中心", "部中小企业局", "乙大学", "宁波市主管部门", "丙培训机构"):
        answer = await designated.act("GET", f"/v1/classes/{class_id}", by=name)
        assert answer.status_code == 200, name
        shown[name] = answer.json()["plan"] is not None
    assert [name for name, seen in shown.items() if seen] == ["甲大学", "人才交流中心", "部中小企业局"]
