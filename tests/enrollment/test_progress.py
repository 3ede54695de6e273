"""Progress over HTTP: persons against the floors of the pack, by whom they belong to."""

from typing import Any

import pytest
from sqlalchemy import delete, event, update

from services.enrollment.enrolments.models import Enrolment, Head
from shared.events.policy import parse_pack
from tests.support.enrollment_world import World, load
from tests.support.halves import Cycle, persons


@pytest.mark.clause("C06", "C07", "Q2")
async def test_floors_show_what_is_counted_of_how_many_and_what_is_missing(cycle: Cycle):
    seen = await cycle.read(cycle.bureau)
    assert seen["heads"] == 10
    heads, share = seen["floors"]
    assert (heads["code"], heads["numerator"], heads["denominator"]) == ("persons", 10, None)
    assert (heads["reached"], heads["missing"]) == (False, heads["min_persons"] - 10)
    assert (share["numerator"], share["denominator"], share["share"]) == (3, 10, "0.3000")
    assert (share["reached"], share["missing"], share["min_share"]) == (True, 0, "0.30")


@pytest.mark.clause("C07")
async def test_a_cycle_without_a_share_shows_none(world: World):
    cycle = await Cycle(world).settle("2022-2023", "theme")
    await world.enrol(cycle.one, [cycle.ningbo])
    assert [floor["code"] for floor in (await cycle.read(cycle.bureau))["floors"]] == ["persons"]


async def test_persons_are_counted_by_department_institution_and_kind_of_class(cycle: Cycle):
    seen = await cycle.read(cycle.bureau)
    assert persons(seen["by_department"]) == {"浙江省": 8, "宁波市": 2}
    assert persons(seen["by_institution"]) == {"演练大学": 4, "样例学院": 6}
    assert {row["code"]: row["persons"] for row in seen["by_class_kind"]}["region"] == 10


@pytest.mark.clause("C06", "C07")
async def test_each_count_tells_how_many_of_it_each_floor_counts(cycle: Cycle):
    seen = await cycle.read(cycle.bureau)
    by_department = {row["name_zh"]: row["counted"] for row in seen["by_department"]}
    persons_, manufacturing = (floor["code"] for floor in seen["floors"])
    assert by_department == {
        "浙江省": {persons_: 8, manufacturing: 1},
        "宁波市": {persons_: 2, manufacturing: 2},
    }
    [arrangement] = [row for row in seen["by_arrangement"] if row["persons"]]
    assert (arrangement["code"], arrangement["counted"][manufacturing]) == ("own", 3)
    assert [floor["clause"] for floor in seen["floors"]] == [["C06"], ["C07"]]


@pytest.mark.clause("C09", "C10", "C28")
async def test_tiers_and_target_groups_are_counted_with_their_shares(world: World):
    cycle = await Cycle(world).settle("2022-2023", "theme")
    await world.enrol(cycle.one, [cycle.ningbo] * 2, tier="little_giant")
    await world.enrol(cycle.two, [cycle.zhejiang], target_group="startup_micro", tier="elsewhere")
    seen = await cycle.read(cycle.bureau)
    tiers = {row["code"]: (row["persons"], row["share"], row["priority"]) for row in seen["by_tier"]}
    assert tiers["little_giant"] == (2, "0.6666", True)
    assert "elsewhere" not in tiers
    groups = {row["code"]: row["persons"] for row in seen["by_target_group"]}
    assert groups == {"leading_sme": 2, "startup_micro": 1}
    ningbo = await cycle.read(cycle.ningbo)
    assert {row["code"]: row["persons"] for row in ningbo["by_target_group"]} == {
        "leading_sme": 2,
        "startup_micro": 0,
    }


async def test_a_cycle_without_tiers_shows_none(cycle: Cycle):
    assert (await cycle.read(cycle.bureau))["by_tier"] == []


@pytest.mark.clause("Q7")
async def test_a_second_enrolment_adds_no_head(cycle: Cycle):
    async with cycle.world.database.write() as session:
        await session.execute(delete(Head).where(Head.class_id == cycle.two))
    assert (await cycle.read(cycle.bureau))["heads"] == 4


async def test_completed_persons_are_counted_beside_the_approved(cycle: Cycle):
    async with cycle.world.database.write() as session:
        await session.execute(
            update(Enrolment).where(Enrolment.class_id == cycle.one).values(status="completed")
        )
    seen = await cycle.read(cycle.bureau)
    assert (seen["heads"], seen["completed"]) == (10, 4)


@pytest.mark.clause("C35", "Q11")
async def test_a_department_sees_its_own_row_and_an_institution_its_own_classes(cycle: Cycle):
    ningbo = await cycle.read(cycle.ningbo)
    assert (ningbo["heads"], ningbo["floors"], persons(ningbo["by_department"])) == (2, [], {"宁波市": 2})
    first = await cycle.read(cycle.first)
    assert (first["heads"], persons(first["by_institution"])) == (4, {"演练大学": 4})


async def test_who_tracks_sees_all_and_the_operator_nothing(cycle: Cycle):
    tracker = await cycle.world.organisation("promotion_centre", "促进中心")
    operator = await cycle.world.organisation("operator", "运维")
    assert (await cycle.read(tracker))["heads"] == 10
    assert (await cycle.read(operator))["heads"] == 0


async def test_an_unknown_cycle_has_no_progress(cycle: Cycle):
    async with cycle.world.as_(cycle.bureau) as http:
        answer = await http.get("/v1/progress", params={"cycle_id": "programme.none"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("attribute", "values", "counted"),
    [
        ("industry_division", ["C38", "J66"], 4),
        ("target_group", ["leading_sme"], 10),
        ("department", ["330200"], 2),
        ("channel", ["department_recommended"], 0),
        ("channel", ["institution_selected", "department_recommended"], 10),
        ("class_kind", ["industry"], 0),
        ("arrangement", ["own"], 10),
    ],
)
async def test_a_share_may_be_asked_of_every_recorded_attribute(
    cycle: Cycle, attribute: str, values: list[str], counted: int
):
    document = load("2019-2020").document()
    document["floors"] = [{**document["floors"][1], "attribute": attribute, "in": values}]
    await cycle.world.cycle(parse_pack(document))
    [floor] = (await cycle.read(cycle.bureau))["floors"]
    assert (floor["numerator"], floor["denominator"]) == (counted, 10)


async def test_the_number_of_queries_does_not_grow_with_the_people(cycle: Cycle):
    async def queries() -> int:
        heard: list[str] = []

        def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            heard.append(statement)

        engine = cycle.world.database._reader.sync_engine
        event.listen(engine, "before_cursor_execute", hear)
        try:
            await cycle.read(cycle.bureau)
        finally:
            event.remove(engine, "before_cursor_execute", hear)
        return len(heard)

    before = await queries()
    await cycle.world.enrol(cycle.two, [cycle.ningbo] * 50)
    assert await queries() == before > 0
