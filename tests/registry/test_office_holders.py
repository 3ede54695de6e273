"""Office holders over HTTP: dated, never more at a time than a seat has places, and named to few."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.registry.republishing import RESTATED
from tests.support.registry_world import World, problem
from tests.support.restated import told_again, told_last

NAME = "演练组长"


@pytest.fixture
async def path(world: World) -> str:
    """Register the coordination group of 2019 with the bureau: one chair, two deputies."""
    group = {
        "code": "coordination_group",
        "name_zh": "协调小组",
        "name_en": "Group",
        "host_id": world.ids["部中小企业局"],
    }
    (made,) = await world.bulk("/v1/offices", group, by="operator")
    return f"/v1/offices/{made['value']['id']}/holders"


async def seat(
    world: World, path: str, starts_on: str, ends_on: str | None = None, seat: str = "chair", **given: Any
) -> httpx.Response:
    body = {"seat": seat, "name": NAME, "starts_on": starts_on, "ends_on": ends_on}
    return await world.act("POST", path, body, **given)


@pytest.mark.clause("C18")
async def test_holders_of_a_seat_follow_each_other_and_each_change_is_stated_with_the_office(
    world: World, path: str
):
    first = await seat(world, path, "2019-05-01")
    assert first.status_code == 201, first.text
    assert first.json()["name"] == NAME
    ended = await world.act("POST", f"{path}/{first.json()['id']}/ending", {"ends_on": "2020-03-31"})
    assert ended.json()["ends_on"] == "2020-03-31"
    assert (await seat(world, path, "2020-04-01")).status_code == 201
    listed = (await world.act("GET", path)).json()["items"]
    assert [(one["seat"], one["starts_on"], one["ends_on"]) for one in listed] == [
        ("chair", "2019-05-01", "2020-03-31"),
        ("chair", "2020-04-01", None),
    ]
    stated = [one for one in await world.stated("registry.office") if one["data"]["code"].endswith("group")]
    assert [one["aggregateversion"] for one in stated] == [1, 2, 3, 4]
    assert [len(one["data"].get("holders", [])) for one in stated] == [0, 1, 1, 2]
    assert NAME not in str(stated)


@pytest.mark.clause("C18")
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "taken"),
    [
        ("2019-04-01", "2019-04-30", False),
        ("2019-04-01", "2019-05-01", True),
        ("2019-06-01", "2019-07-01", True),
        ("2019-12-31", None, True),
        ("2020-01-01", None, False),
        ("2019-04-01", None, True),
    ],
)
async def test_a_seat_is_held_on_no_day_by_more_than_it_has_places(
    world: World, path: str, starts_on: str, ends_on: str | None, taken: bool
):
    await seat(world, path, "2019-05-01", "2019-12-31")
    answer = await seat(world, path, starts_on, ends_on)
    assert answer.status_code == (409 if taken else 201), answer.text
    if taken:
        assert problem(answer, 409) == "seat-taken"


@pytest.mark.clause("C18")
async def test_of_two_places_both_are_held_and_not_a_third_even_at_the_same_instant(world: World, path: str):
    answers = await asyncio.gather(*(seat(world, path, "2019-05-01", seat="deputy_chair") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] * 2 + [409] * 4
    assert len((await world.act("GET", path)).json()["items"]) == 2


@pytest.mark.clause("C18")
async def test_two_who_follow_each_other_take_one_of_two_places(world: World, path: str):
    terms = (("2019-05-01", "2019-06-30", 201), ("2019-07-01", None, 201), ("2019-05-01", None, 201))
    for starts_on, ends_on, expected in (*terms, ("2019-07-01", "2019-07-01", 409)):
        answer = await seat(world, path, starts_on, ends_on, seat="deputy_chair")
        assert answer.status_code == expected, answer.text


@pytest.mark.clause("C18")
async def test_names_of_holders_are_seen_by_the_bureau_and_the_host_and_lie_nowhere_in_the_clear(
    world: World, path: str
):
    key = {"Idempotency_Key": "seat-1"}
    await seat(world, path, "2019-05-01", **key)
    again = await seat(world, path, "2019-05-01", **key)
    assert again.json()["name"] == "***"
    for name in ("部中小企业局", "人才交流中心", "浙江省主管部门", "operator"):
        (shown,) = (await world.act("GET", path, by=name)).json()["items"]
        assert shown["name"] == (NAME if name == "部中小企业局" else "***"), name
        if name != "部中小企业局":
            assert problem(await seat(world, path, "2021-01-01", by=name), 403) == "organisation-mismatch"
    async with world.database.read() as session:
        for table in ("office_holders", "outbox", "idempotency_keys"):
            kept = [
                value.decode(errors="replace") if isinstance(value, bytes) else str(value)
                for row in await session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608 - names of this test
                for value in row
            ]
            assert kept
            assert NAME not in "".join(kept)


@pytest.mark.clause("C18")
async def test_what_stands_in_the_way_of_seating_and_ending_is_named(world: World, path: str):
    assert problem(await seat(world, path, "2019-05-01", seat="treasurer"), 422) == "office-seat-unknown"
    assert problem(await seat(world, path, "2019-05-02", "2019-05-01"), 422) == "holding-reversed"
    nowhere = path.replace(path.split("/")[3], "01890a5d-ac96-774b-bcce-b302099a8057")
    assert problem(await seat(world, nowhere, "2019-05-01"), 404) == "office-not-registered"
    assert (await seat(world, path, "2019-05-01", If_Match='"9"')).status_code == 412
    made = (await seat(world, path, "2019-05-01")).json()
    ending = f"{path}/{made['id']}/ending"

    async def end(day: str, where: str = ending) -> httpx.Response:
        return await world.act("POST", where, {"ends_on": day})

    assert problem(await end("2019-04-30"), 422) == "holding-reversed"
    assert problem(await end("2019-12-31", f"{path}/nobody/ending"), 404) == "holder-unknown"
    assert (await end("2019-12-31")).status_code == 200
    assert problem(await end("2020-12-31"), 409) == "holder-ended"


async def test_an_office_is_told_again_with_its_holders(world: World, path: str):
    await seat(world, path, "2019-05-01")
    await seat(world, path, "2019-05-01", seat="deputy_chair")
    last = await told_last(world.database)
    assert await told_again(world.database, RESTATED) == last
