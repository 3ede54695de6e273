"""An approved class is revised: proposed, decided, kept as a new version, and never half in force."""

import asyncio
from typing import Any

import httpx
import pytest

from shared.events.registry import ClassRevisionState
from tests.registry.test_classes import FIRST_DAY
from tests.registry.test_heads import roster
from tests.support.counting import counted
from tests.support.evaluations import NEXT, decided, designate_next, hear, load_next, suspensions_of
from tests.support.registry_world import World, approved, cancel, draft, drafted, plan, problem, step

OFFICE = "人才交流中心"
MANY = 8


def facts(world: World, **changes: Any) -> dict[str, Any]:
    """Say all that a revision may change, as `draft` says it but for these changes."""
    fixed = {"cycle_id", "kind", "arrangement", "special_topic"}
    return {name: value for name, value in draft(world).items() if name not in fixed} | changes


async def propose(
    world: World, class_id: str, by: str = "甲大学", *, new_plan: Any = None, **changes: Any
) -> httpx.Response:
    body = {"class_id": class_id, "facts": facts(world, **changes), "reason": "场地调整"}
    return await world.act(
        "POST", "/v1/class-revisions", body | ({"plan": new_plan} if new_plan else {}), by=by
    )


async def proposed(world: World, class_id: str, **changes: Any) -> str:
    answer = await propose(world, class_id, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def say(
    world: World, revision_id: str, name: str, by: str = OFFICE, body: Any = None, **given: Any
) -> httpx.Response:
    return await world.act("POST", f"/v1/class-revisions/{revision_id}/{name}", body or {}, by=by, **given)


async def shown(world: World, path: str, by: str = "甲大学") -> dict[str, Any]:
    answer = await world.act("GET", path, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.clause("C29", "C32")
async def test_an_approved_class_stays_in_force_until_its_revision_is_approved_and_becomes_the_next_version(
    designated: World,
):
    class_id = await approved(designated)
    made = await propose(designated, class_id, starts_on="2023-02-10", capacity=70)
    assert made.status_code == 201, made.text
    revision = made.json()
    assert (revision["status"], revision["changes"]) == ("pending", ["starts_on", "capacity"])
    assert (revision["asks_agreement"], revision["asks_coordination"]) == (False, False)
    held = await shown(designated, f"/v1/classes/{class_id}")
    assert (held["starts_on"], held["capacity"], held["number"]) == ("2023-01-10", 60, 1)
    assert held["pending_revision_id"] == revision["id"]

    done = await say(designated, revision["id"], "approval")
    assert (done.json()["status"], done.json()["number"]) == ("approved", 2)
    held = await shown(designated, f"/v1/classes/{class_id}")
    assert (held["starts_on"], held["capacity"], held["number"]) == ("2023-02-10", 70, 2)
    assert (held["status"], held["plan_agreed"], held["pending_revision_id"]) == ("approved", True, None)
    versions = (await shown(designated, f"/v1/classes/{class_id}/versions"))["items"]
    assert [(one["number"], one["facts"]["capacity"], one["reason"]) for one in versions] == [
        (1, 60, None),
        (2, 70, "场地调整"),
    ]
    stated = await designated.stated("registry.class")
    assert [one["aggregateversion"] for one in stated] == list(range(1, held["version"] + 1))
    assert (stated[-1]["data"]["number"], stated[-1]["data"]["capacity"]) == (2, 70)
    assert [one["data"]["status"] for one in await designated.stated("registry.class_revision")] == [
        "pending",
        "approved",
    ]
    (told,) = await designated.told("registry.class_revised.v1")
    assert told["data"] == {
        "class_id": class_id,
        "revision_id": revision["id"],
        "number": 2,
        "changes": ["starts_on", "capacity"],
    }


@pytest.mark.clause("C32")
async def test_a_revised_plan_is_agreed_anew_and_the_old_one_stays_readable(designated: World):
    class_id = await approved(designated)
    shorter = plan(completion={"min_attendance_percent": 90, "min_minutes": 1000})
    revision_id = await proposed(designated, class_id, new_plan=shorter)
    assert problem(await say(designated, revision_id, "approval"), 409) == "plan-not-agreed"
    wrong = await say(designated, revision_id, "agreement", "部中小企业局")
    assert problem(wrong, 403) == "act-not-held"
    assert (await say(designated, revision_id, "agreement")).json()["plan_agreed"]
    assert problem(await say(designated, revision_id, "agreement"), 409) == "plan-already-agreed"
    assert (await say(designated, revision_id, "approval")).status_code == 200
    held = await shown(designated, f"/v1/classes/{class_id}")
    assert held["plan"]["completion"]["min_attendance_percent"] == 90
    path = f"/v1/classes/{class_id}/versions"
    percents = [
        one["plan"]["completion"]["min_attendance_percent"]
        for one in (await shown(designated, path))["items"]
    ]
    assert percents == [80, 90]
    rival = (await shown(designated, path, by="乙大学"))["items"]
    assert [one["plan"] for one in rival] == [None, None]


@pytest.mark.clause("C29", "C32")
async def test_a_commissioned_class_with_another_institution_is_consented_agreed_and_coordinated_anew(
    designated: World,
):
    department, taught = "浙江省主管部门", [designated.ids["甲大学"]]
    class_id = await drafted(designated, department, arrangement="commissioned")
    path = f"/v1/classes/{class_id}/training-plan"
    await designated.act("PUT", path, plan(consenting_ids=taught), by=department)
    for name, by in (
        ("filing", department),
        ("agreement", OFFICE),
        ("coordination", "部中小企业局"),
        ("approval", OFFICE),
    ):
        assert (await step(designated, class_id, name, by)).status_code == 200
    both = [*taught, designated.ids["乙大学"]]
    undesignated = await propose(designated, class_id, department, institution_ids=both)
    assert problem(undesignated, 409) == "institution-not-designated"
    item = {"institution_id": both[1], "class_kinds": ["theme"], "cycle_id": held_cycle(designated)}
    references = {"assessment_reference": "评估-02", "selection_reference": "遴选-02"}
    await designated.bulk("/v1/designations", item | references, by=OFFICE)
    silent = await propose(designated, class_id, department, institution_ids=both)
    assert problem(silent, 409) == "consent-missing"

    new_plan = plan(consenting_ids=both)
    made = await propose(designated, class_id, department, institution_ids=both, new_plan=new_plan)
    revision = made.json()
    assert (revision["asks_agreement"], revision["asks_coordination"]) == (True, True)
    await say(designated, revision["id"], "agreement")
    assert problem(await say(designated, revision["id"], "approval"), 409) == "not-coordinated"
    assert (await say(designated, revision["id"], "coordination", "部中小企业局")).json()["coordinated"]
    twice = await say(designated, revision["id"], "coordination", "部中小企业局")
    assert problem(twice, 409) == "already-coordinated"
    assert (await say(designated, revision["id"], "approval")).json()["number"] == 2
    held = await shown(designated, f"/v1/classes/{class_id}", by="乙大学")
    assert (held["institution_ids"], held["lead_id"]) == (both, designated.ids[department])
    assert held["plan"]["consenting_ids"] == both


def held_cycle(world: World) -> str:
    return str(draft(world)["cycle_id"])


async def test_a_declined_or_withdrawn_revision_changes_nothing_and_makes_room_for_another(designated: World):
    class_id = await approved(designated)
    before = await shown(designated, f"/v1/classes/{class_id}")
    declined = await proposed(designated, class_id, capacity=70)
    twice = await propose(designated, class_id, capacity=80)
    assert problem(twice, 409) == "revision-pending"
    assert problem(await say(designated, declined, "declining"), 422) == "invalid-request"
    ended = await say(designated, declined, "declining", body={"reason": "容量过大"})
    assert (ended.json()["status"], ended.json()["decision_reason"]) == ("declined", "容量过大")
    withdrawn = await proposed(designated, class_id, capacity=80)
    assert (await say(designated, withdrawn, "withdrawal", "甲大学")).json()["status"] == "withdrawn"
    for name, by in (("approval", OFFICE), ("withdrawal", "甲大学")):
        assert problem(await say(designated, withdrawn, name, by), 409) == "revision-decided"
    after = await shown(designated, f"/v1/classes/{class_id}")
    assert {**after, "version": before["version"]} == before
    listed = await shown(designated, f"/v1/class-revisions?class_id={class_id}&status=declined")
    assert [one["id"] for one in listed["items"]] == [declined]


UNFIT: list[tuple[dict[str, Any], int, str]] = [
    ({}, 422, "revision-says-nothing"),
    ({"ends_on": "2023-01-09"}, 422, "dates-reversed"),
    ({"ends_on": "2024-01-11"}, 422, "class-too-long"),
    ({"institution_ids": []}, 422, "too-few-institutions"),
    ({"capacity": 2}, 409, "capacity-below-heads"),
    ({"kind": "theme"}, 422, "invalid-request"),
]


@pytest.mark.clause("C08")
async def test_a_revision_that_cannot_stand_is_refused_by_name(designated: World):
    class_id = await approved(designated)
    await hear(designated, roster(class_id, 3))
    for changes, status, expected in UNFIT:
        assert problem(await propose(designated, class_id, **changes), status) == expected
    same = await propose(designated, class_id, new_plan=plan())
    assert problem(same, 422) == "revision-says-nothing"
    assert await designated.stated("registry.class_revision") == []


async def test_heads_that_came_meanwhile_are_not_cut_off_by_a_smaller_capacity(designated: World):
    class_id = await approved(designated)
    revision_id = await proposed(designated, class_id, capacity=2)
    await hear(designated, roster(class_id, 3))
    assert problem(await say(designated, revision_id, "approval"), 409) == "capacity-below-heads"
    assert problem(await say(designated, revision_id, "agreement"), 409) == "agreement-not-asked"
    refused = await say(designated, revision_id, "coordination", "部中小企业局")
    assert problem(refused, 409) == "coordination-not-asked"


async def test_only_an_approved_class_is_revised_and_only_by_its_filer_or_its_lead(designated: World):
    class_id = await drafted(designated)
    assert problem(await propose(designated, class_id, capacity=9), 409) == "class-state-forbids"
    assert problem(await propose(designated, class_id, "乙大学", capacity=9), 404) == "class-unknown"
    running = await approved(designated)
    assert problem(await propose(designated, running, "乙大学", capacity=9), 403) == "class-of-others"
    await step(designated, running, "start", "甲大学", now=FIRST_DAY)
    assert problem(await propose(designated, running, capacity=9), 409) == "class-state-forbids"


@pytest.mark.clause("C39", "Q14")
async def test_what_is_pending_lapses_when_the_class_starts_is_cancelled_or_is_returned(designated: World):
    started, cancelled = await approved(designated), await approved(designated)
    pending = [await proposed(designated, one, capacity=70) for one in (started, cancelled)]
    await step(designated, started, "start", "甲大学", now=FIRST_DAY)
    await cancel(designated, cancelled, "甲大学")
    await load_next(designated, active=True)
    await designate_next(designated, "甲大学")
    returned = await approved(designated, cycle_id=NEXT)
    pending.append(await proposed(designated, returned, capacity=70))
    await hear(designated, decided(designated.ids["甲大学"]))
    for revision_id in pending:
        assert (await shown(designated, f"/v1/class-revisions/{revision_id}"))["status"] == "lapsed"
        assert problem(await say(designated, revision_id, "approval"), 409) == "revision-decided"
    for class_id in (started, cancelled, returned):
        assert (await shown(designated, f"/v1/classes/{class_id}"))["pending_revision_id"] is None

    (suspension,) = await suspensions_of(designated, "甲大学")
    await designated.act("POST", f"/v1/suspensions/{suspension['id']}/lifting", {"reason": "整改合格"})
    for name, by in (("filing", "甲大学"), ("agreement", OFFICE), ("approval", OFFICE)):
        assert (await step(designated, returned, name, by)).status_code == 200
    assert (await shown(designated, f"/v1/classes/{returned}"))["number"] == 2
    versions = (await shown(designated, f"/v1/classes/{returned}/versions"))["items"]
    assert [one["number"] for one in versions] == [1, 2]


async def test_of_many_revisions_at_once_one_is_pending_and_it_is_approved_once(designated: World):
    class_id = await approved(designated)
    answers = await asyncio.gather(
        *(propose(designated, class_id, capacity=70 + number) for number in range(MANY))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * (MANY - 1)
    (revision_id,) = (one.json()["id"] for one in answers if one.status_code == 201)
    start = step(designated, class_id, "start", "甲大学", now=FIRST_DAY)
    *approvals, started = await asyncio.gather(
        *(say(designated, revision_id, "approval") for _ in range(MANY)), start
    )
    assert started.status_code == 200, started.text
    revision = await shown(designated, f"/v1/class-revisions/{revision_id}")
    won = [answer for answer in approvals if answer.status_code == 200]
    held = await shown(designated, f"/v1/classes/{class_id}")
    assert (revision["status"], held["number"]) == (("approved", 2) if won else ("lapsed", 1))
    assert len(won) <= 1
    stated = await designated.stated("registry.class")
    assert [one["aggregateversion"] for one in stated] == list(range(1, held["version"] + 1))


async def test_a_revision_is_seen_by_who_has_or_would_have_a_part_and_by_who_decides(designated: World):
    class_id = await approved(designated)
    partner = {"organisation_id": designated.ids["丁服务机构"], "kind": "service_body"}
    new_plan = plan(consenting_ids=[designated.ids["丁服务机构"]])
    revision_id = await proposed(designated, class_id, co_organisers=[partner], new_plan=new_plan)
    seeing: list[str] = []
    for name in ("甲大学", "乙大学", "丁服务机构", "浙江省主管部门", "部中小企业局", OFFICE, "operator"):
        one = await designated.act("GET", f"/v1/class-revisions/{revision_id}", by=name)
        listed = (await designated.act("GET", "/v1/class-revisions", by=name)).json()["items"]
        assert len(listed) == (1 if one.status_code == 200 else 0)
        seeing += [name] if one.status_code == 200 else []
    assert seeing == ["甲大学", "丁服务机构", "部中小企业局", OFFICE, "operator"]
    for by, status in (("乙大学", 404), ("丁服务机构", 403)):
        assert (await say(designated, revision_id, "withdrawal", by)).status_code == status
        assert (await say(designated, revision_id, "approval", by, If_Match='"9"')).status_code == status
    stale = await say(designated, revision_id, "approval", If_Match='"9"')
    assert problem(stale, 412) == "version-conflict"


async def test_the_statements_of_the_list_of_revisions_do_not_grow_with_its_rows(designated: World):
    async def cost() -> int:
        with counted(designated.database, ClassRevisionState) as cost:
            answer = await designated.act("GET", "/v1/class-revisions", by="甲大学")
        assert answer.status_code == 200
        return cost.statements

    await proposed(designated, await approved(designated), capacity=70)
    await cost()
    few = await cost()
    for _ in range(4):
        await proposed(designated, await approved(designated), capacity=70)
    assert await cost() == few
