"""Plans of departments (C28) and seats: intentions beside what is, told to whom they concern."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from services.registry.handlers import LISTENER
from shared.events.enrollment import (
    ApprovedRow,
    JoinedEnrolment,
    PersonsMerged,
    PersonsParted,
    RosterApproved,
    TraineeWithdrawn,
)
from shared.events.envelope import Event, aggregate, fact
from shared.ids import new_id
from shared.inbox import store
from shared.outbox import encode
from shared.runner import run_due
from tests.support.registry_world import CYCLE, EARLIER, World, approved, drafted, problem, refusal

PLANS = f"/v1/department-plans/{CYCLE}"
AT = datetime(2023, 1, 5, tzinfo=UTC)
ZHEJIANG, NINGBO, APPROVER = "浙江省主管部门", "宁波市主管部门", "人才交流中心"


def roster(class_id: str, *homes: str) -> Event:
    """Approve a trainee for each home department; their enrolments are named by class and place."""
    rows = [
        ApprovedRow(
            enrolment_id=f"{class_id[-8:]}-{place}",
            person_id=f"p{place}",
            department_id=home,
            position=place,
            head=True,
        )
        for place, home in enumerate(homes)
    ]
    body = RosterApproved(roster_id=class_id, class_id=class_id, number=1, rows=rows)
    return fact(body, subject=aggregate("enrollment.roster", class_id), at=AT)


def withdrawal(class_id: str, place: int) -> Event:
    enrolment_id = f"{class_id[-8:]}-{place}"
    body = TraineeWithdrawn(enrolment_id=enrolment_id, person_id=f"p{place}", class_id=class_id, head=True)
    return fact(body, subject=aggregate("enrollment.enrolment", enrolment_id), at=AT)


def merging(class_id: str, place: int, into: int) -> tuple[Event, Event]:
    """Find two trainees of a class to be one, and part them again."""
    joined = JoinedEnrolment(
        enrolment_id=f"{class_id[-8:]}-{place}",
        class_id=class_id,
        into_enrolment_id=f"{class_id[-8:]}-{into}",
    )
    ids = {"merge_id": new_id(), "survivor_id": f"p{into}", "retired_id": f"p{place}"}
    subject = aggregate("enrollment.person_merge", ids["merge_id"])
    bodies = (
        PersonsMerged(**ids, heads=[], joined=(joined,)),
        PersonsParted(**ids, heads=[], joined=(joined,)),
    )
    merged, parted = (fact(body, subject=subject, at=AT) for body in bodies)
    return merged, parted


async def hear(world: World, *events: Event) -> None:
    now = datetime.now(UTC)
    await store(world.database, [encode(event) for event in events], now)
    while await run_due(world.database, LISTENER, now):
        pass


async def put(world: World, *kinds: tuple[str, int], by: str = ZHEJIANG, **headers: Any) -> Any:
    body = {"kinds": [{"kind": kind, "heads": heads} for kind, heads in kinds]}
    return await world.act("PUT", PLANS, body, by=by, **headers)


async def listed(world: World, path: str, by: str) -> list[dict[str, Any]]:
    answer = await world.act("GET", path, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def seats(world: World, number: int, **place: str) -> dict[str, Any]:
    return {"cycle_id": CYCLE, "department_id": world.ids[ZHEJIANG], "seats": number, **place}


@pytest.mark.clause("C28")
async def test_a_department_plans_by_kind_and_sees_its_trainees_beside(designated: World):
    theme = await approved(designated)
    made = await put(designated, ("theme", 3), ("regional_development", 5))
    assert (made.status_code, made.json()["version"]) == (200, 1)
    home, other = designated.ids[ZHEJIANG], designated.ids[NINGBO]
    await hear(designated, roster(theme, home, home, other), withdrawal(theme, 1))
    (plan,) = await listed(designated, "/v1/department-plans", ZHEJIANG)
    assert plan["kinds"] == [
        {"kind": "theme", "planned": 3, "enrolled": 1},
        {"kind": "regional_development", "planned": 5, "enrolled": 0},
    ]


@pytest.mark.clause("C28")
async def test_trainees_in_a_kind_that_was_not_planned_are_shown_too(designated: World):
    theme = await approved(designated)
    await put(designated, ("regional_development", 5))
    await hear(designated, roster(theme, designated.ids[ZHEJIANG]))
    (plan,) = await listed(designated, "/v1/department-plans", ZHEJIANG)
    assert plan["kinds"][1] == {"kind": "theme", "planned": 0, "enrolled": 1}


@pytest.mark.clause("C28")
async def test_a_plan_is_replaced_as_a_whole_and_said_again_it_changes_nothing(world: World):
    await put(world, ("theme", 3))
    same = await put(world, ("theme", 3))
    changed = await put(world, ("theme", 4), if_match='"1"')
    assert (same.json()["version"], changed.json()["version"]) == (1, 2)
    assert problem(await put(world, ("theme", 5), if_match='"1"'), 412) == "version-conflict"
    versions = [one["aggregateversion"] for one in await world.stated("registry.department_plan")]
    assert versions == [1, 2]


@pytest.mark.clause("C28")
async def test_a_plan_names_kinds_of_its_pack_and_each_once(world: World):
    assert problem(await put(world, ("industry", 3)), 422) == "concept-absent"
    assert problem(await put(world, ("theme", 3), ("theme", 4)), 422) == "kind-planned-twice"
    assert problem(await put(world, ("theme", 3), by="甲大学"), 403) == "caller-not-allowed"
    assert await listed(world, "/v1/department-plans", "部中小企业局") == []


@pytest.mark.clause("C28", "Q11")
async def test_a_plan_is_its_departments_and_of_who_approves_classes_or_tracks(world: World):
    await put(world, ("theme", 3))
    shown = {
        name: len(await listed(world, f"/v1/department-plans?cycle_id={CYCLE}", name))
        for name in ("部中小企业局", APPROVER, ZHEJIANG, NINGBO, "甲大学")
    }
    assert shown == {"部中小企业局": 1, APPROVER: 1, ZHEJIANG: 1, NINGBO: 0, "甲大学": 0}


async def test_two_first_plans_at_once_leave_one(world: World):
    answers = await asyncio.gather(put(world, ("theme", 3)), put(world, ("theme", 4)))
    assert [one.status_code for one in answers] == [200, 200]
    (plan,) = await listed(world, "/v1/department-plans", ZHEJIANG)
    versions = [one["aggregateversion"] for one in await world.stated("registry.department_plan")]
    assert versions == list(range(1, plan["version"] + 1)) == [1, 2]


@pytest.mark.clause("C34", "C35")
async def test_seats_are_counted_where_they_were_allotted(designated: World):
    first, second = await approved(designated), await approved(designated)
    college, home = designated.ids["甲大学"], designated.ids[ZHEJIANG]
    results = await designated.bulk(
        "/v1/seat-allotments",
        seats(designated, 10),
        seats(designated, 5, institution_id=college),
        seats(designated, 1, class_id=first),
        seats(designated, 4, institution_id=designated.ids["乙大学"]),
        by=APPROVER,
    )
    assert [one["status"] for one in results] == [201] * 4
    # A withdrawal may arrive before the approval that it undoes.
    await hear(designated, withdrawal(second, 0))
    await hear(designated, roster(first, home, home), roster(second, home, home))
    rows = await listed(designated, f"/v1/seat-allotments?cycle_id={CYCLE}", ZHEJIANG)
    counted = [(one["class_id"] is not None, one["seats"], one["taken"], one["free"]) for one in rows]
    assert sorted(counted) == [(False, 4, 0, 4), (False, 5, 3, 2), (False, 10, 3, 7), (True, 1, 2, -1)]


@pytest.mark.clause("C28")
async def test_a_trainee_who_goes_on_as_another_one_takes_no_seat_until_they_are_parted(designated: World):
    theme, home = await approved(designated), designated.ids[ZHEJIANG]
    await put(designated, ("theme", 3))

    async def enrolled() -> int:
        (plan,) = await listed(designated, "/v1/department-plans", ZHEJIANG)
        return plan["kinds"][0]["enrolled"]

    merged, parted = merging(theme, 1, into=0)
    # A merge may arrive before the approval of the trainees whom it joins, and the parting before the merge.
    await hear(designated, merged)
    await hear(designated, roster(theme, home, home, home))
    assert await enrolled() == 2
    await hear(designated, parted)
    assert await enrolled() == 3
    again, and_back = merging(theme, 2, into=0)
    await hear(designated, and_back)
    await hear(designated, again)
    assert await enrolled() == 3


async def test_seats_said_again_replace_and_a_repetition_changes_nothing(world: World):
    for number, status in ((3, 201), (3, 200), (4, 200)):
        (result,) = await world.bulk("/v1/seat-allotments", seats(world, number), by=APPROVER)
        assert (result["status"], result["value"]["seats"]) == (status, number)
    told = await world.stated("registry.seat_allotment")
    assert [(one["aggregateversion"], one["data"]["seats"]) for one in told] == [(1, 3), (2, 4)]


async def test_seats_that_cannot_be_are_refused_one_by_one(designated: World):
    held = await approved(designated)
    results = await designated.bulk(
        "/v1/seat-allotments",
        seats(designated, 1),
        seats(designated, 2),
        {**seats(designated, 3), "department_id": designated.ids["甲大学"]},
        {**seats(designated, 3, class_id=held), "cycle_id": EARLIER},
        seats(designated, 3, class_id=held, institution_id=designated.ids["乙大学"]),
        seats(designated, 3, class_id=await drafted(designated)),
        seats(designated, 3, institution_id="00000000-0000-7000-8000-000000000000"),
        {**seats(designated, 3), "cycle_id": "nowhere.2022"},
        by=APPROVER,
    )
    assert [refusal(one) for one in results[1:]] == [
        "allotted-twice-here",
        "organisation-not-department",
        "seats-of-other-cycle",
        "seats-of-other-institution",
        "class-unknown",
        "organisation-unknown",
        "cycle-unknown",
    ]
    (kept,) = await listed(designated, "/v1/seat-allotments", APPROVER)
    assert kept["seats"] == 1


async def test_seats_are_allotted_by_who_approves_classes_and_seen_by_those_named(designated: World):
    held = await approved(designated)
    await designated.bulk("/v1/seat-allotments", seats(designated, 2, class_id=held), by=APPROVER)
    (refused,) = await designated.bulk("/v1/seat-allotments", seats(designated, 3), by=ZHEJIANG)
    assert refusal(refused) == "act-not-held"
    shown = {
        name: len(await listed(designated, f"/v1/seat-allotments?class_id={held}", name))
        for name in ("部中小企业局", APPROVER, ZHEJIANG, "甲大学", NINGBO, "乙大学")
    }
    assert shown == {"部中小企业局": 1, APPROVER: 1, ZHEJIANG: 1, "甲大学": 1, NINGBO: 0, "乙大学": 0}


async def test_two_first_allotments_at_once_leave_one(world: World):
    def allot(number: int) -> Any:
        return world.bulk("/v1/seat-allotments", seats(world, number), by=APPROVER)

    (first,), (second,) = await asyncio.gather(allot(3), allot(4))
    assert {first["status"], second["status"]} == {200, 201}
    assert len(await listed(world, "/v1/seat-allotments", APPROVER)) == 1
    versions = [one["aggregateversion"] for one in await world.stated("registry.seat_allotment")]
    assert versions == [1, 2]
