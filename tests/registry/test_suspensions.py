"""Suspensions: when one waits, bars and ends, whom it bars from being designated, who lifts it."""

from typing import Any

import httpx
import pytest

from tests.support.evaluations import (
    FIRST_ROUND,
    NEXT,
    SECOND_ROUND,
    activate_next,
    decided,
    designate_next,
    designations_of,
    following,
    hear,
    join,
    load_next,
    suspensions_of,
)
from tests.support.events import statuses
from tests.support.registry_world import CYCLE, EARLIER, World, designation, problem, refusal


async def suspended(world: World, name: str = "甲大学") -> dict[str, Any]:
    """Hear that an institution is suspended; answer how it is shown."""
    await hear(world, decided(world.ids[name]))
    (shown,) = await suspensions_of(world, name)
    return shown


async def lift(world: World, suspension_id: str, by: str = "部中小企业局", **given: Any) -> httpx.Response:
    path = f"/v1/suspensions/{suspension_id}/lifting"
    return await world.act("POST", path, {"reason": "整改合格"}, by=by, **given)


@pytest.mark.clause("C39", "Q14")
async def test_a_suspension_waits_for_the_cycle_that_follows_and_bars_it_once_loaded(world: World):
    shown = await suspended(world)
    assert (shown["status"], shown["barred_cycle_id"]) == ("waiting", None)
    await load_next(world, None)
    assert (await suspensions_of(world, "甲大学"))[0]["status"] == "waiting"

    course = []
    for follows in (CYCLE, EARLIER, CYCLE):
        await load_next(world, follows)
        (shown,) = await suspensions_of(world, "甲大学")
        course.append((shown["status"], shown["barred_cycle_id"], shown["version"]))
    assert course == [("in_force", NEXT, 2), ("waiting", None, 3), ("in_force", NEXT, 4)]
    await activate_next(world)
    assert await suspensions_of(world, "甲大学") == [shown]


@pytest.mark.clause("C39")
async def test_every_version_of_a_suspension_is_stated_to_everybody_as_it_is_shown(world: World):
    shown = await suspended(world)
    await load_next(world)
    in_force = (await world.act("GET", f"/v1/suspensions/{shown['id']}", by="anonymous")).json()
    lifted = (await lift(world, shown["id"])).json()
    stated = await world.stated("registry.suspension")
    assert [one["aggregateversion"] for one in stated] == [1, 2, 3]
    assert {one["audience"] for one in stated} == {"public"}
    for view, one in zip((shown, in_force, lifted), stated, strict=True):
        assert one["data"].items() <= view.items()
        assert (one["cycle"], one["revision"]) == (CYCLE, 1)


async def test_what_is_told_of_a_suspension_has_no_score(world: World):
    shown = await suspended(world)
    assert (shown["ground"], shown["clause"], shown["evaluation_id"]) == ("bottom_n", ["C39"], FIRST_ROUND)
    (stated,) = await world.stated("registry.suspension")
    assert {"total", "rank"}.isdisjoint(shown.keys() | stated["data"].keys())


async def test_a_decision_that_arrives_again_changes_nothing(world: World):
    shown = await suspended(world)
    assert await suspended(world) == shown
    assert len(await world.stated("registry.suspension")) == 1
    assert await statuses(world.database) == {"done": 2}


@pytest.mark.clause("C39", "Q14")
async def test_a_suspended_institution_is_not_designated_for_the_cycle_that_follows_and_for_no_other(
    world: World,
):
    shown = await suspended(world)
    await load_next(world, active=True)
    results = await world.bulk(
        "/v1/designations",
        designation(world, "甲大学", cycle_id=NEXT),
        designation(world, "乙大学", cycle_id=NEXT),
        designation(world, "甲大学"),
        designation(world, "甲大学", cycle_id=EARLIER, class_kinds=["region"]),
        by="人才交流中心",
    )
    assert [one["status"] for one in results] == [409, 201, 201, 201]
    assert refusal(results[0]) == "institution-suspended"
    assert {
        "institution_id": world.ids["甲大学"],
        "suspension_id": shown["id"],
        "evaluation_id": FIRST_ROUND,
        "evaluated_cycle_id": CYCLE,
    }.items() <= results[0]["problem"].items()
    assert FIRST_ROUND in results[0]["problem"]["detail"]
    assert results[0]["problem"]["fixed_by"] == "bureau"


@pytest.mark.clause("Q5")
async def test_a_member_body_is_suspended_with_its_federation(world: World):
    await join(world, "设计协会", "电器协会", of="联合会")
    await load_next(world, active=True)
    await designate_next(world, "设计协会")
    shown = await suspended(world, "联合会")
    assert (await designations_of(world))["设计协会"]["status"] == "suspended"
    item = designation(world, "电器协会", cycle_id=NEXT)
    (result,) = await world.bulk("/v1/designations", item, by="人才交流中心")
    assert refusal(result) == "institution-suspended"
    assert result["problem"]["institution_id"] == world.ids["电器协会"]

    await lift(world, shown["id"])
    await designate_next(world, "电器协会")
    assert {one["status"] for one in (await designations_of(world)).values()} == {"designated"}


@pytest.mark.clause("Q14")
async def test_a_designation_given_before_turns_suspended_and_turns_back_when_lifted(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学", "乙大学")
    shown = await suspended(world)
    held = await designations_of(world)
    assert (held["甲大学"]["status"], held["乙大学"]["status"]) == ("suspended", "designated")
    await lift(world, shown["id"])
    back = (await designations_of(world))["甲大学"]
    assert (back["status"], back["version"]) == ("designated", 3)
    stated = await world.stated("registry.designation")
    mine = [one for one in stated if one["data"]["id"] == back["id"]]
    assert [one["data"]["status"] for one in mine] == ["designated", "suspended", "designated"]
    assert [one["aggregateversion"] for one in mine] == [1, 2, 3]


async def test_a_designation_barred_by_two_evaluations_is_free_when_both_are_lifted(world: World):
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    await hear(world, decided(world.ids["甲大学"]), decided(world.ids["甲大学"], SECOND_ROUND))
    statuses = []
    for shown in await suspensions_of(world, "甲大学"):
        await lift(world, shown["id"])
        statuses.append((await designations_of(world))["甲大学"]["status"])
    assert statuses == ["suspended", "designated"]


@pytest.mark.clause("C39", "Q17")
async def test_a_suspension_is_lifted_by_whom_the_pack_of_the_evaluated_cycle_names(world: World):
    shown = await suspended(world)
    for by, status, expected in (
        ("anonymous", 401, "sign-in-required"),
        ("人才交流中心", 403, "act-not-held"),
        ("甲大学", 403, "act-not-held"),
    ):
        answer = await lift(world, shown["id"], by, If_Match='"9"')
        assert problem(answer, status) == expected
        assert "current" not in answer.json()
    lifted = (await lift(world, shown["id"], If_Match='"1"')).json()
    assert (lifted["status"], lifted["lift_reason"], lifted["version"]) == ("lifted", "整改合格", 2)
    assert lifted["lifted_at"] is not None


async def test_what_stands_in_the_way_of_lifting_is_named_and_changes_nothing(world: World):
    shown = await suspended(world)
    path = f"/v1/suspensions/{shown['id']}/lifting"
    assert problem(await world.act("POST", path, {}), 422) == "invalid-request"
    assert problem(await lift(world, shown["id"], If_Match='"2"'), 412) == "version-conflict"
    unknown = "01890a5d-ac96-774b-bcce-b302099a8057"
    assert problem(await lift(world, unknown), 404) == "suspension-unknown"
    assert problem(await world.act("GET", f"/v1/suspensions/{unknown}"), 404) == "suspension-unknown"
    assert await suspensions_of(world, "甲大学") == [shown]

    await lift(world, shown["id"])
    assert problem(await lift(world, shown["id"]), 409) == "already-lifted"
    assert len(await world.stated("registry.suspension")) == 2


@pytest.mark.clause("Q14")
async def test_a_lifted_suspension_does_not_bar_a_cycle_that_is_loaded_later(world: World):
    shown = await suspended(world)
    await lift(world, shown["id"])
    await load_next(world, active=True)
    await designate_next(world, "甲大学")
    (lifted,) = await suspensions_of(world, "甲大学")
    assert (lifted["status"], lifted["barred_cycle_id"], lifted["version"]) == ("lifted", None, 2)


async def test_suspensions_are_found_by_evaluated_cycle_and_institution(world: World):
    await hear(world, decided(world.ids["甲大学"]), decided(world.ids["乙大学"]))
    for query, found in (
        (f"evaluated_cycle_id={CYCLE}", 2),
        (f"evaluated_cycle_id={EARLIER}", 0),
        (f"evaluated_cycle_id={CYCLE}&institution_id={world.ids['乙大学']}", 1),
        ("limit=1", 1),
    ):
        answer = await world.act("GET", f"/v1/suspensions?{query}", by="anonymous")
        assert len(answer.json()["items"]) == found, query


@pytest.mark.clause("Q14")
async def test_one_cycle_at_most_follows_another(world: World):
    await load_next(world)
    other = "miit-sme-leaders.other"
    refused = await world.act("POST", "/v1/policy-packs", {"document": following(CYCLE, other)})
    assert problem(refused, 409) == "cycle-followed-already"
    assert refused.json()["followed_by"] == NEXT
    assert (await world.act("GET", f"/v1/policy-packs/{other}")).status_code == 404
    await load_next(world, None)
    loaded = await world.act("POST", "/v1/policy-packs", {"document": following(CYCLE, other)})
    assert loaded.status_code == 201
