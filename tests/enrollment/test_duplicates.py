"""Persons who may be one are found by the published rule, shown to who may know, and decided by who may."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from deploy.demo.synthetic import card_number
from services.enrollment.duplicates import finding
from services.enrollment.duplicates.finding import find_when_due
from services.enrollment.persons.domain import birth_of, phone_key
from services.enrollment.persons.models import Person
from shared.events.enrollment import NominationState
from tests.support.counting import counted
from tests.support.merging import merged, put_forward, undo
from tests.support.nominees import Plan, card, nominee

PERMIT = {"kind": "hk_macao_permit", "number": "H12345678"}
HOUSE = {"kind": "residence_permit", "number": card_number("810000", date(1885, 3, 4), 1)}


def named(number: int, **differs: Any) -> dict[str, Any]:
    """Say of person `number` what differs from the others; nobody shares a phone unless told so."""
    document = {"kind": "resident_card", "number": card(number)}
    plain = {"name": "演练甲", "document": document, "phone": f"139000{number:05}", "post": "总经理"}
    return {"person": {**plain, **differs}}


async def queue(plan: Plan, by: str | None = None, **query: str) -> list[dict[str, Any]]:
    while await find_when_due(plan.world.database):
        pass
    return (await plan.get(by or plan.bureau, "/v1/duplicates", **query)).json()["items"]


@pytest.mark.parametrize(
    ("first", "second", "enterprises", "reasons"),
    [
        (named(1), named(2, phone="+86 139-0000-0001"), (1, 2), ["same_name_and_phone"]),
        (named(1), named(2), (1, 1), ["same_name_and_birth", "same_name_and_enterprise"]),
        (named(1), named(2, document=HOUSE), (1, 2), ["same_name_and_birth"]),
        (named(1), named(2, document=PERMIT), (1, 1), ["same_name_and_enterprise"]),
        (named(1, name="John Smith"), named(2, name="JOHN SMITH", document=PERMIT), (1, 1), None),
        (named(1), named(2, document=PERMIT), (1, 2), []),
        (named(1), named(2, name="演练乙"), (1, 1), []),
    ],
    ids=["phone", "birth and enterprise", "birth", "enterprise", "case", "name alone", "other name"],
)
async def test_persons_are_alike_by_the_published_rule(
    plan: Plan,
    first: dict[str, Any],
    second: dict[str, Any],
    enterprises: tuple[int, int],
    reasons: list[str] | None,
):
    first["person"]["document"] = {"kind": "resident_card", "number": card(1)}
    if reasons == ["same_name_and_phone"]:
        second["person"]["document"] = PERMIT
    await put_forward(plan, plan.class_id, 1, enterprise=enterprises[0], **first)
    await put_forward(plan, plan.class_id, 2, enterprise=enterprises[1], **second)
    found = await queue(plan)
    assert [one["reasons"] for one in found] == (
        [["same_name_and_enterprise"]] if reasons is None else [reasons] if reasons else []
    )


async def test_a_list_in_which_everybody_is_alike_does_not_fill_the_queue(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(finding, "MOST_PAIRS", 4)
    for number in range(1, 6):
        await put_forward(plan, plan.class_id, number, **named(number))
    assert 2 <= len(await queue(plan)) <= 4


def test_a_phone_is_the_same_however_it_is_written():
    for written in ("139 0000 0001", "139-0000-0001", "+86 13900000001", "008613900000001"):
        assert phone_key(written) == "13900000001"


def test_only_numbers_that_tell_it_say_when_somebody_was_born():
    assert birth_of("resident_card", card(1)) == birth_of("residence_permit", HOUSE["number"]) == "18850304"
    assert birth_of("permanent_resident_card", "FRA110000000001") is None
    assert birth_of("passport", "P1234567") is birth_of("hk_macao_permit", "H12345678") is None


async def test_a_duplicate_is_queued_once_and_a_new_likeness_is_added(plan: Plan):
    await put_forward(plan, plan.class_id, 1, **named(1))
    await put_forward(plan, plan.class_id, 2, enterprise=2, **named(2))
    [first] = await queue(plan)
    other = await plan.another_class()
    await put_forward(plan, other, 2, by=plan.rival, **named(2))
    [second] = await queue(plan)
    assert second["id"] == first["id"]
    assert second["reasons"] == ["same_name_and_birth", "same_name_and_enterprise"]


async def test_many_persons_are_compared_in_a_fixed_number_of_statements_and_none_is_opened(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one, **named(one)) for one in range(1, 4)))
    monkeypatch.setattr("shared.sealed.Sealer.open", None)
    with counted(plan.world.database, NominationState) as few:
        await find_when_due(plan.world.database)
    monkeypatch.undo()
    await plan.nominate(
        plan.institution, *(nominee(plan.class_id, one, **named(one)) for one in range(4, 24))
    )
    with counted(plan.world.database, NominationState) as many:
        await find_when_due(plan.world.database)
    assert many.statements <= few.statements + 1


async def test_of_somebody_elsewhere_a_department_learns_only_whom_to_ask(plan: Plan):
    ours = await put_forward(plan, plan.class_id, 1, **named(1))
    theirs = await put_forward(plan, plan.class_id, 2, enterprise=2, **named(2))
    [shown] = await queue(plan, plan.zhejiang)
    known, unknown = sorted(shown["persons"], key=lambda one: one["person"] is None)
    assert (known["person"]["id"], known["ask_departments"]) == (ours, [])
    assert unknown == {"person": None, "ask_departments": [plan.ningbo]}
    assert theirs not in str(shown)
    [seen] = await queue(plan)
    assert {one["person"]["id"] for one in seen["persons"]} == {ours, theirs}
    for stranger in (plan.institution, plan.rival):
        assert await queue(plan, stranger) == []
        assert (await plan.get(stranger, f"/v1/duplicates/{shown['id']}")).status_code == 404


async def dismiss(plan: Plan, by: str, duplicate_id: str) -> Any:
    return await plan.post(by, f"/v1/duplicates/{duplicate_id}/dismissal", {"reason": "并非同一人"})


async def test_a_department_finds_its_own_distinct_and_refers_others(plan: Plan):
    for number in (1, 2):
        await put_forward(plan, plan.class_id, number, **named(number))
    await put_forward(plan, plan.class_id, 3, enterprise=2, **named(3))
    listed = await queue(plan)
    own = next(one for one in listed if not any(plan.ningbo in p["ask_departments"] for p in one["persons"]))
    foreign = next(one for one in listed if one is not own)
    done = await dismiss(plan, plan.zhejiang, own["id"])
    assert (done.json()["status"], done.json()["reason"]) == ("distinct", "并非同一人")
    again = await dismiss(plan, plan.zhejiang, own["id"])
    assert again.json()["type"].endswith("duplicate-decided")
    refused = await dismiss(plan, plan.zhejiang, foreign["id"])
    assert (refused.status_code, plan.ningbo in refused.json()["detail"]) == (403, True)
    assert (await dismiss(plan, plan.centre, foreign["id"])).status_code == 200
    assert len(await queue(plan, status="open")) == 1


async def test_a_merge_closes_the_duplicate_and_an_undo_makes_it_distinct(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number, **named(number)) for number in (1, 2)]
    await queue(plan)
    merge_id = await merged(plan, survivor, retired)
    [shown] = await queue(plan)
    assert (shown["status"], shown["reason"]) == ("merged", "同一人持两种证件")
    await undo(plan, merge_id)
    [shown] = await queue(plan)
    assert (shown["status"], shown["reason"]) == ("distinct", "并非同一人")


async def test_likeness_is_kept_as_keyed_indexes_only(plan: Plan):
    await put_forward(plan, plan.class_id, 1, **named(1))
    async with plan.world.database.read() as session:
        person = (await session.scalars(select(Person))).one()
    for index in (person.name_index, person.name_phone_index, person.name_birth_index):
        assert index is not None
        assert index.startswith(b"HS256:person-index-")
