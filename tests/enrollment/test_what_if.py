"""What if: the floors with other heads than there are, and nothing of it kept."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.tables import Row
from shared.database import plumbing
from shared.events.policy import parse_pack
from shared.events.registry import ClassState
from shared.ids import new_id
from tests.support.counting import counted
from tests.support.enrollment_world import World, load
from tests.support.halves import Cycle
from tests.support.nominees import Plan, kind_of, nominee


async def ask(cycle: Cycle, by: str | None = None, **assumed: Any) -> httpx.Response:
    async with cycle.world.as_(by or cycle.bureau) as http:
        headers = {"Idempotency-Key": "what-if"}
        body = {"cycle_id": cycle.cycle_id, **assumed}
        return await http.post("/v1/progress/what-if", json=body, headers=headers)


async def told(cycle: Cycle, **assumed: Any) -> dict[str, Any]:
    answer = await ask(cycle, **assumed)
    assert answer.status_code == 200, answer.text
    return answer.json()


def reach(floor: dict[str, Any], when: str) -> tuple[int, int | None, bool, int]:
    """Tell numerator, denominator, whether it is reached, and what is missing."""
    one = floor[when]
    return one["numerator"], one["denominator"], one["reached"], one["missing"]


async def lower(cycle: Cycle, persons: int) -> None:
    """Ask for fewer persons, so that a few decide whether the floor is reached."""
    document = load("2019-2020").document()
    document["floors"] = [{**document["floors"][0], "min_persons": persons}, document["floors"][1]]
    await cycle.world.cycle(parse_pack(document))


@pytest.mark.clause("C06", "C07")
async def test_with_nothing_assumed_the_floors_stay_as_progress_shows_them(cycle: Cycle):
    shown = (await cycle.read(cycle.bureau))["floors"]
    answer = await told(cycle)
    assert (answer["heads_before"], answer["heads_after"]) == (10, 10)
    for floor, seen in zip(answer["floors"], shown, strict=True):
        assert floor["before"] == floor["after"] == {name: seen[name] for name in floor["before"]}
        assert floor["flips"] is False


@pytest.mark.clause("C06", "C07")
async def test_planned_heads_count_by_their_class_and_by_their_shares(cycle: Cycle):
    await lower(cycle, 15)
    share = {"attribute": "industry_section", "value": "C", "share": "0.25"}
    added = {"class_kind": "industry", "arrangement": "own", "persons": 10, "shares": [share]}
    answer = await told(cycle, add=[added])
    persons, manufacturing = answer["floors"]
    assert (reach(persons, "before"), reach(persons, "after")) == ((10, None, False, 5), (20, None, True, 0))
    assert persons["flips"] is True
    # Two and a half people of ten are two: nobody is rounded up.
    assert (reach(manufacturing, "before"), reach(manufacturing, "after")) == (
        (3, 10, True, 0),
        (5, 20, False, 1),
    )
    assert (manufacturing["after"]["share"], manufacturing["flips"]) == ("0.2500", True)


@pytest.mark.clause("C26")
async def test_planned_heads_of_a_kind_that_does_not_count_add_nothing(world: World):
    cycle = await Cycle(world).settle("2022-2023", "theme")
    await world.enrol(cycle.one, [cycle.ningbo] * 2)
    answer = await told(cycle, add=[{"class_kind": "boot_camp", "persons": 5000}])
    assert (answer["heads_after"], answer["floors"][0]["flips"]) == (2, False)


async def test_classes_trainees_and_rows_may_be_dropped(cycle: Cycle):
    async with cycle.world.database.read() as session:
        found = select(Enrolment.id, Enrolment.roster_id, Enrolment.position, Enrolment.department_id)
        rows = (await session.execute(found.where(Enrolment.class_id == cycle.one))).all()
    row = next(row for row in rows if row.department_id == cycle.zhejiang)
    one = next(row for row in rows if row.department_id == cycle.ningbo)
    drop = {
        "class_ids": [cycle.two],
        "enrolment_ids": [one.id],
        "rows": [{"roster_id": row.roster_id, "position": row.position}],
    }
    answer = await told(cycle, drop=drop)
    assert (answer["heads_before"], answer["heads_after"]) == (10, 2)
    assert answer["floors"][1]["after"]["denominator"] == 2


@pytest.mark.clause("Q7")
async def test_a_dropped_head_passes_to_where_the_person_stays(plan: Plan):
    reason = {"second_enrolment_reason": "企业需要"}
    await plan.trainees(plan.class_id, [1, 2])
    other = await plan.another_class()
    await plan.nominate(plan.rival, nominee(other, 1, **reason))
    elsewhere = await plan.submitted(other, plan.rival)
    await plan.decide(elsewhere, [(1, "approve")])
    assert (await plan.approve(elsewhere)).status_code == 200
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    await plan.trainees(camp, [2])

    async def heads(*class_ids: str) -> int:
        body = {"cycle_id": plan.cycle_id, "drop": {"class_ids": class_ids}}
        answer = await plan.post(plan.bureau, "/v1/progress/what-if", body)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["heads_after"])

    # The first stays in the other class; the second only in a class that does not count (C26).
    assert await heads(plan.class_id) == 1
    assert await heads(plan.class_id, other) == 0
    assert await heads(other) == 2


async def test_a_class_of_another_size_keeps_its_shares(cycle: Cycle):
    answer = await told(cycle, counts=[{"class_id": cycle.one, "persons": 6}])
    # Three of four are from manufacturing: of six that is four and a half.
    assert (answer["heads_after"], answer["floors"][1]["after"]["numerator"]) == (12, 4)
    dropped = {"class_ids": [cycle.one]}
    anew = await told(cycle, drop=dropped, counts=[{"class_id": cycle.one, "persons": 5}])
    assert (anew["heads_after"], anew["floors"][1]["after"]["numerator"]) == (11, 0)


async def test_what_is_assumed_of_what_is_not_there_is_refused(cycle: Cycle):
    shares = [{"attribute": "size_class", "value": value, "share": "0.6"} for value in ("small", "medium")]
    unknown = new_id()
    refused: dict[str, Any] = {
        "shares-above-one": {"add": [{"class_kind": "region", "persons": 1, "shares": shares}]},
        "concept-absent": {"add": [{"class_kind": "boot_camp", "persons": 1}]},
        "nothing-to-drop": {"drop": {"enrolment_ids": [unknown]}},
        "class-unknown": {"counts": [{"class_id": unknown, "persons": 1}]},
    }
    for kind, assumed in refused.items():
        assert kind_of(await ask(cycle, **assumed)) == kind
    assert (await ask(cycle, drop={"enrolment_ids": [unknown]})).json()["ids"] == [unknown]


@pytest.mark.parametrize(
    ("attribute", "known", "unknown"),
    [
        ("size_class", "small", "tiny"),
        ("industry_section", "C", "Z"),
        ("industry_section", "C", "C38"),
        ("industry_division", "C38", "38"),
        ("department", "330200", "999999"),
    ],
)
async def test_a_share_of_a_code_that_nothing_has_is_refused_at_its_place(
    cycle: Cycle, attribute: str, known: str, unknown: str
):
    shares = [{"attribute": attribute, "value": value, "share": "0.1"} for value in (known, unknown)]
    heads = {"class_kind": "region", "persons": 10}
    assert (await ask(cycle, add=[{**heads, "shares": shares[:1]}])).status_code == 200
    refused = await ask(cycle, add=[heads, {**heads, "shares": shares}])
    assert refused.status_code == 422
    [fault] = refused.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/add/1/shares/1/value", "code_unknown")
    assert unknown not in refused.text


async def test_only_the_bureau_and_who_tracks_may_ask(cycle: Cycle):
    tracker = await cycle.world.organisation("promotion_centre", "促进中心")
    assert (await ask(cycle, tracker)).status_code == 200
    for other in (cycle.ningbo, cycle.first):
        assert (await ask(cycle, other)).status_code == 403


async def test_a_what_if_stores_nothing(cycle: Cycle):
    async def everything() -> dict[str, list[Any]]:
        async with cycle.world.database.read() as session:
            return {
                table.name: sorted(map(repr, await session.execute(select(table))))
                for metadata in (Row.metadata, plumbing)
                for table in metadata.sorted_tables
            }

    before = await everything()
    assert {"heads", "enrolments", "outbox", "idempotency_keys"} <= before.keys()
    for _ in range(2):
        await told(
            cycle,
            drop={"class_ids": [cycle.two]},
            counts=[{"class_id": cycle.one, "persons": 9}],
            add=[{"class_kind": "region", "persons": 7}],
        )
    assert await everything() == before


async def test_what_it_costs_does_not_depend_on_how_many_people_there_are(cycle: Cycle):
    async def statements() -> int:
        with counted(cycle.world.database, ClassState) as cost:
            await told(cycle, drop={"class_ids": [cycle.two]})
        return cost.statements

    before = await statements()
    await cycle.world.enrol(cycle.two, [cycle.ningbo] * 50)
    assert await statements() == before > 0
