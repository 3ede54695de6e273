"""Classes with money, for the tests of funds: a pack with caps, a plan with heads, entries."""

from typing import Any

import httpx

from tests.registry.test_pack_revisions import corrected, revise
from tests.support.registry_world import World, document_of, drafted, plan, step

CAPS = (
    {"code": "lodging", "zh": "住宿费", "en": "Lodging", "per": "person_day", "breach": "warning"},
    {"code": "meals", "zh": "伙食费", "en": "Meals", "per": "person_day", "breach": "refusal"},
    {"code": "teaching", "zh": "师资费", "en": "Teaching", "per": "class_hour", "breach": "refusal"},
    {"code": "insurance", "zh": "保险费", "en": "Insurance", "per": "person", "breach": "refusal"},
    {"code": "opening", "zh": "开班费", "en": "Opening", "per": "class", "breach": "refusal"},
)
MOST = {
    "lodging": "340.50",
    "meals": "130.00",
    "teaching": "1000.00",
    "insurance": "20.00",
    "opening": "500.00",
}
HEADS = [{"head": "食宿", "planned_fen": 1_000_000}, {"head": "师资", "planned_fen": 500_000}]


def funds(**changes: Any) -> dict[str, Any]:
    """Write the funds of the pack of 2022 with caps, or as changed."""
    document = document_of("miit-sme-leaders.2022-2023")["funds"]
    caps = [{**cap, "max_yuan": MOST[cap["code"]], "source": "N2022 三(二)"} for cap in CAPS]
    return {**document, "caps": caps, **changes}


async def capped(world: World, **changes: Any) -> None:
    """Bring a revision into force that has caps."""
    made = await revise(world, corrected(funds=funds(**changes)))
    assert made.status_code == 201, made.text


async def filed_class(world: World, by: str = "甲大学", heads: Any = (), **changes: Any) -> str:
    """File a class with these budget heads; answer its id."""
    class_id = await drafted(world, by, **changes)
    body = plan(budget_heads=list(heads))
    put = await world.act("PUT", f"/v1/classes/{class_id}/training-plan", body, by=by)
    assert put.status_code == 200, put.text
    filed = await step(world, class_id, "filing", by)
    assert filed.status_code == 200, filed.text
    return class_id


def expense(category: str = "venue", fen: int = 100_00, **changes: Any) -> dict[str, Any]:
    named = {name: changes.pop(name) for name in ("dated_on", "reference") if name in changes}
    entry = {"amount_fen": fen, "dated_on": "2022-10-30", "reference": "发票-01", **named}
    return {**entry, "expense": {"category": category, **changes}}


def funding(line: str = "central", fen: int = 100_00, **changes: Any) -> dict[str, Any]:
    entry = {"amount_fen": fen, "dated_on": "2022-10-30", "reference": "拨款-01"}
    return {**entry, "funding": {"line": line, **changes}}


async def post(
    world: World, class_id: str, body: dict[str, Any], by: str = "甲大学", **given: Any
) -> httpx.Response:
    return await world.act("POST", f"/v1/classes/{class_id}/fund-entries", body, by=by, **given)


async def posted(world: World, class_id: str, *bodies: dict[str, Any], by: str = "甲大学") -> list[str]:
    """Post entries; answer their ids."""
    answers = [await post(world, class_id, body, by) for body in bodies]
    assert {answer.status_code for answer in answers} == {201}, [answer.text for answer in answers]
    return [answer.json()["id"] for answer in answers]


async def reverse(world: World, class_id: str, entry_id: str, by: str = "甲大学") -> httpx.Response:
    body = {"reason": "重复登记", "dated_on": "2022-11-01", "reference": "更正-01"}
    path = f"/v1/classes/{class_id}/fund-entries/{entry_id}/reversal"
    return await world.act("POST", path, body, by=by)


async def statement(world: World, class_id: str, by: str = "甲大学") -> dict[str, Any]:
    answer = await world.act("GET", f"/v1/classes/{class_id}/fund-statement", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()
