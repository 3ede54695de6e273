"""Expenses against plan and caps: what is over needs a reason, or is refused, as the pack says."""

import asyncio
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from structlog.testing import capture_logs

from tests.support.fund_world import (
    HEADS,
    capped,
    expense,
    filed_class,
    funding,
    post,
    posted,
    reverse,
    statement,
)
from tests.support.registry_world import World, problem


@pytest.mark.clause("C33")
async def test_over_a_cap_that_warns_an_expense_needs_a_justification_and_is_marked(designated: World):
    await capped(designated)
    class_id = await filed_class(designated)
    within = expense("lodging", 34050 * 10, persons=5, days=2)
    over = expense("lodging", 34050 * 10 + 1, persons=5, days=2)
    silent = await post(designated, class_id, over)
    assert problem(silent, 422) == "justification-missing"
    assert silent.json()["errors"][0]["pointer"] == "/expense/justification"
    over["expense"]["justification"] = "旺季房价"
    first, second = [await post(designated, class_id, body) for body in (within, over)]
    assert [one.json()["exceeded"] for one in (first, second)] == [[], ["cap"]]
    (cost,) = (await statement(designated, class_id))["costs"]
    assert (cost["person_days"], cost["fen_per_person_day"], cost["over_cap"]) == (20, 34050, True)
    assert cost["cap"] == {"per": "person_day", "max_fen": 34050, "breach": "warning"}
    await reverse(designated, class_id, second.json()["id"])
    (cost,) = (await statement(designated, class_id))["costs"]
    assert (cost["fen"], cost["person_days"], cost["over_cap"]) == (340500, 10, False)


@pytest.mark.clause("C33")
@pytest.mark.parametrize(
    ("category", "most", "quantities"),
    [
        ("meals", 13000 * 6, {"persons": 3, "days": 2}),
        ("teaching", 100000 * 4, {"class_hours": 4}),
        ("insurance", 2000 * 7, {"persons": 7}),
    ],
)
async def test_over_a_cap_that_refuses_no_justification_helps(
    designated: World, category: str, most: int, quantities: dict[str, int]
):
    await capped(designated)
    class_id = await filed_class(designated)
    over = expense(category, most + 1, justification="说明", **quantities)
    refused = await post(designated, class_id, over)
    assert problem(refused, 409) == "cap-exceeded"
    await posted(designated, class_id, expense(category, most, **quantities))
    for missing in quantities:
        rest = {name: value for name, value in quantities.items() if name != missing}
        untold = await post(designated, class_id, expense(category, 1, **rest))
        assert problem(untold, 422) == "quantity-missing"


@pytest.mark.clause("C33")
async def test_a_cap_per_class_counts_all_that_the_class_spends_so_less_what_is_reversed(designated: World):
    await capped(designated)
    class_id = await filed_class(designated)
    (first,) = await posted(designated, class_id, expense("opening", 30000))
    assert problem(await post(designated, class_id, expense("opening", 20001)), 409) == "cap-exceeded"
    await reverse(designated, class_id, first)
    await posted(designated, class_id, expense("opening", 20001))


@pytest.mark.clause("C33")
async def test_a_cap_on_several_kinds_lets_one_take_what_another_leaves(designated: World):
    daily = {
        "code": "daily",
        "zh": "综合定额",
        "en": "All in all",
        "per": "person_day",
        "max_yuan": "550.00",
        "breach": "refusal",
        "covers": ["lodging", "meals", "venue"],
        "source": "N2022 三(二)",
    }
    await capped(designated, caps=[daily])
    class_id = await filed_class(designated)
    first = await post(designated, class_id, expense("venue", 1))
    assert problem(first, 422) == "quantity-missing"
    (lodging,) = await posted(designated, class_id, expense("lodging", 400_00 * 10, persons=5, days=2))
    await posted(designated, class_id, expense("venue", 150_00 * 10), expense("teaching", 10**9))
    over = await post(designated, class_id, expense("meals", 1, persons=5, days=2, justification="说明"))
    assert problem(over, 409) == "cap-exceeded"
    assert (over.json()["amount_fen"], over.json()["limit_fen"]) == (550_00 * 10 + 1, 550_00 * 10)
    (joint,) = (await statement(designated, class_id))["joint_caps"]
    assert (joint["units"], joint["fen"], joint["limit_fen"]) == (10, 550_00 * 10, 550_00 * 10)
    assert joint["over_cap"] is False
    row = next(row for row in await sheet(designated, class_id) if row[1] == "综合定额")
    assert (row[2], row[3], row[4]) == ("5500.00", "5500.00", "0.00")
    # With the lodging its persons and days are taken back.
    await reverse(designated, class_id, lodging)
    (joint,) = (await statement(designated, class_id))["joint_caps"]
    assert (joint["units"], joint["over_cap"]) == (0, True)


@pytest.mark.clause("C33")
async def test_at_the_same_instant_no_more_is_spent_than_a_cap_and_the_sum_stays_exact(designated: World):
    await capped(designated)
    class_id = await filed_class(designated)
    answers = await asyncio.gather(
        *(post(designated, class_id, expense("opening", 20000)) for _ in range(4)),
        *(post(designated, class_id, funding(fen=100)) for _ in range(4)),
    )
    made = [answer for answer in answers if answer.status_code == 201]
    assert len(made) == 2 + 4, [answer.text for answer in answers]
    assert sorted(answer.json()["number"] for answer in made) == [1, 2, 3, 4, 5, 6]
    told = await statement(designated, class_id)
    assert (told["spent_fen"], told["funded_fen"], told["entries"]) == (40000, 400, 6)
    states = await designated.stated("registry.fund_ledger")
    assert [one["aggregateversion"] for one in states] == [1, 2, 3, 4, 5, 6]


@pytest.mark.clause("C33")
async def test_an_entry_is_reversed_by_one_of_two_who_come_at_the_same_instant(designated: World):
    class_id = await filed_class(designated)
    (entry,) = await posted(designated, class_id, expense())
    answers = await asyncio.gather(*(reverse(designated, class_id, entry) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert (await statement(designated, class_id))["spent_fen"] == 0


@pytest.mark.clause("C32", "C33")
async def test_over_the_plan_or_outside_of_it_an_expense_needs_a_justification(designated: World):
    class_id = await filed_class(designated, heads=HEADS)
    await posted(designated, class_id, expense(fen=900_000, head="食宿"))
    over = expense(fen=100_001, head="食宿")
    outside = expense(fen=1)
    for body in (over, outside):
        assert problem(await post(designated, class_id, body), 422) == "justification-missing"
        body["expense"]["justification"] = "另有安排"
    answers = [await post(designated, class_id, body) for body in (over, outside)]
    assert [answer.json()["exceeded"] for answer in answers] == [["plan"], ["unplanned"]]
    unknown = await post(designated, class_id, expense(head="宴请"))
    assert problem(unknown, 422) == "budget-head-unknown"
    told = await statement(designated, class_id)
    assert [(one["head"], one["spent_fen"], one["left_fen"]) for one in told["heads"]] == [
        ("食宿", 1_000_001, -1),
        ("师资", 0, 500_000),
    ]
    assert (told["planned_fen"], told["unplanned_fen"], told["spent_fen"]) == (1_500_000, 1, 1_000_002)


async def sheet(world: World, class_id: str, by: str = "甲大学") -> list[list[Any]]:
    answer = await world.act("GET", f"/v1/classes/{class_id}/fund-statement/workbook", by=by)
    assert answer.status_code == 200, answer.text
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    return [["" if cell is None else cell for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.mark.clause("C33")
async def test_the_statement_is_exported_with_chinese_headings_and_nothing_but_text(designated: World):
    await capped(designated)
    trap = "=1+1"
    class_id = await filed_class(designated, heads=[{"head": trap, "planned_fen": 10_005}])
    spent = expense("lodging", 20_010, head=trap, persons=1, days=2, justification="超计划")
    await posted(designated, class_id, funding(fen=5), spent)
    with capture_logs() as lines:
        heading, *rows = await sheet(designated, class_id)
    assert heading == [
        "类别",
        "项目",
        "计划（元）",
        "发生额（元）",
        "结余（元）",
        "人天",
        "人均每天（元）",
        "标准",
        "说明",
    ]
    assert rows[0][:4] == ["收入", "中央财政资金", "", "0.05"]
    lodging = next(row for row in rows if row[1] == "住宿费")
    assert lodging[3:7] == ["200.10", "", "2", "100.05"]
    assert "340.5元" in lodging[7]
    assert next(row for row in rows if row[1] == trap)[2:5] == ["100.05", "200.10", "-100.05"]
    assert rows[-1][4] == "-200.05"
    (line,) = [line for line in lines if line["event"] == "fund statement exported"]
    assert line["organisation_id"] == designated.ids["甲大学"]
