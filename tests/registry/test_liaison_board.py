"""The board of liaison forms and their workbook over HTTP: who answered, and who may take it out."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from structlog.testing import capture_logs

from tests.registry.test_liaison_forms import CLOSES, submit
from tests.support.registry_world import CYCLE, EARLIER, World, problem

BOARD = f"/v1/liaison-forms/board?cycle_id={CYCLE}"
WORKBOOK = f"/v1/liaison-forms/workbook?cycle_id={CYCLE}"
BEFORE, AFTER = CLOSES - timedelta(days=1), CLOSES + timedelta(days=1)
PAPER = {"received_on": "2022-10-31", "reference": "浙企函〔2022〕7号"}


async def board(world: World, by: str = "部中小企业局", query: str = "") -> dict[str, Any]:
    answer = await world.act("GET", BOARD + query, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sheet(world: World, by: str) -> list[list[str]]:
    answer = await world.act("GET", WORKBOOK, by=by)
    assert answer.status_code == 200, answer.text
    rows = load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True)
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.clause("C19")
async def test_the_board_tells_of_every_department_whether_it_answered_in_time_late_or_not(world: World):
    assert [(one["answer"], one["form_id"]) for one in (await board(world))["lines"]] == [
        ("missing", None)
    ] * 2
    await submit(world, "浙江省主管部门", BEFORE)
    await submit(world, "宁波市主管部门", CLOSES)
    shown = await board(world)
    assert [(one["code"], one["answer"], one["on_behalf"]) for one in shown["lines"]] == [
        ("330000", "in_time", False),
        ("330200", "late", False),
    ]
    assert (shown["in_time"], shown["late"], shown["missing"]) == (1, 1, 0)
    assert shown["deadline"] == "2022-10-31T16:00:00Z"
    earlier = await world.act("GET", f"/v1/liaison-forms/board?cycle_id={EARLIER}")
    assert earlier.json()["missing"] == 2


@pytest.mark.clause("C19")
async def test_the_board_shows_who_changed_an_answer_after_the_deadline_or_since_a_moment(world: World):
    await submit(world, "浙江省主管部门", BEFORE)
    await submit(world, "宁波市主管部门", BEFORE)
    assert not any(one["changed_after_deadline"] for one in (await board(world))["lines"])
    await submit(world, "浙江省主管部门", AFTER)
    zhejiang, ningbo = (await board(world, query="&since=2022-11-01T00:00:00Z"))["lines"]
    assert (zhejiang["answer"], zhejiang["changed_after_deadline"], zhejiang["changed_since"]) == (
        "in_time",
        True,
        True,
    )
    assert (ningbo["answer"], ningbo["changed_after_deadline"], ningbo["changed_since"]) == (
        "in_time",
        False,
        False,
    )
    assert {one["changed_since"] for one in (await board(world))["lines"]} == {None}


@pytest.mark.clause("C19")
async def test_the_board_is_read_by_who_receives_or_tracks_and_a_department_reads_its_own_line(world: World):
    await submit(world, "浙江省主管部门", BEFORE)
    seen = {
        name: [one["code"] for one in (await board(world, name))["lines"]]
        for name in ("部中小企业局", "人才交流中心", "宁波市主管部门", "甲大学", "operator")
    }
    assert seen == {
        "部中小企业局": ["330000", "330200"],
        "人才交流中心": ["330000", "330200"],
        "宁波市主管部门": ["330200"],
        "甲大学": [],
        "operator": [],
    }
    assert "王局长" not in str(await board(world))
    assert problem(await world.act("GET", BOARD, by="anonymous"), 401) == "sign-in-required"
    unknown = await world.act("GET", "/v1/liaison-forms/board?cycle_id=no.such")
    assert problem(unknown, 404) == "cycle-unknown"


@pytest.mark.clause("C19")
async def test_a_paper_form_is_marked_and_counts_since_the_day_on_which_it_came_in(world: World):
    zhejiang, ningbo = world.ids["浙江省主管部门"], world.ids["宁波市主管部门"]
    made = await submit(world, "部中小企业局", AFTER, department_id=zhejiang, paper=PAPER)
    assert made.status_code == 201, made.text
    late = {**PAPER, "received_on": "2022-11-01"}
    await submit(world, "部中小企业局", AFTER, department_id=ningbo, paper=late)
    first, second = (await board(world))["lines"]
    assert (first["answer"], first["on_behalf"], first["received_on"], first["reference"]) == (
        "in_time",
        True,
        "2022-10-31",
        "浙企函〔2022〕7号",
    )
    assert second["answer"] == "late"
    await submit(world, "浙江省主管部门", AFTER)
    path = f"/v1/liaison-forms/{made.json()['id']}/versions"
    versions = (await world.act("GET", path, by="浙江省主管部门")).json()["items"]
    assert [(one["on_behalf"], one["received_on"], one["late"]) for one in versions] == [
        (True, "2022-10-31", False),
        (False, None, True),
    ]
    assert (await board(world))["lines"][0]["on_behalf"] is False


@pytest.mark.clause("C19")
async def test_paper_is_another_departments_and_has_come_in_already(world: World):
    own = await submit(world, "浙江省主管部门", AFTER, paper=PAPER)
    assert problem(own, 422) == "paper-not-asked"
    zhejiang = world.ids["浙江省主管部门"]
    # 00:30 in Shanghai on the day after: it is the 1st there, and still the 31st in Greenwich.
    now = CLOSES + timedelta(minutes=30)
    for day, expected in (("2022-11-01", 201), ("2022-11-02", 422)):
        paper = {**PAPER, "received_on": day}
        answer = await submit(world, "部中小企业局", now, department_id=zhejiang, paper=paper)
        assert answer.status_code == expected, answer.text
    assert problem(answer, 422) == "paper-not-yet-received"


@pytest.mark.clause("C19", "C46")
async def test_the_workbook_has_the_headings_of_the_pack_and_a_row_for_every_department(world: World):
    await submit(world, "浙江省主管部门", BEFORE)
    heading, zhejiang, ningbo = await sheet(world, "部中小企业局")
    assert heading[:3] == ["主管部门", "代码", "反馈情况"]
    assert heading[8:10] == ["分管负责同志姓名", "分管负责同志职务"]
    assert zhejiang[:3] == ["浙江省主管部门", "330000", "按时"]
    assert zhejiang[3:6] == ["1", "2022-10-31 00:00", "自填"]
    assert zhejiang[8:10] == ["王局长", "副局长"]
    assert ningbo == ["宁波市主管部门", "330200", "未报"] + [""] * 12
    answer = await world.act("GET", WORKBOOK)
    assert answer.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert answer.headers["content-disposition"] == f'attachment; filename="liaison-forms-{CYCLE}.xlsx"'
    assert answer.headers["cache-control"] == "no-store"
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert (page.title, page.freeze_panes) == ("领军人才培训工作信息表", "B2")
    assert page.column_dimensions["A"].width > 20


@pytest.mark.clause("C46")
async def test_no_answer_is_a_formula_for_the_program_that_opens_the_workbook(world: World):
    traps = {
        "official_name": '=HYPERLINK("http://x.invalid","王")',
        "official_post": "{=1+1}",
        "liaison_name": "+1",
        "liaison_post": "@SUM(1)",
        "liaison_phone": "+1-2-3",
    }
    await submit(world, "浙江省主管部门", BEFORE, fields=traps)
    answer = await world.act("GET", WORKBOOK)
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert set(traps.values()) <= {cell.value for cell in cells}
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}
    assert not [cell for cell in cells if cell.hyperlink]


@pytest.mark.clause("C19")
async def test_names_leave_in_a_workbook_only_for_whom_they_are_shown_and_each_export_is_logged(world: World):
    await submit(world, "浙江省主管部门", BEFORE)
    shown = {}
    with capture_logs() as lines:
        for name in ("部中小企业局", "人才交流中心", "浙江省主管部门", "宁波市主管部门"):
            shown[name] = [(row[0], row[8]) for row in (await sheet(world, name))[1:]]
    assert shown == {
        "部中小企业局": [("浙江省主管部门", "王局长"), ("宁波市主管部门", "")],
        "人才交流中心": [("浙江省主管部门", "***"), ("宁波市主管部门", "")],
        "浙江省主管部门": [("浙江省主管部门", "王局长")],
        "宁波市主管部门": [("宁波市主管部门", "")],
    }
    exports = [line for line in lines if line["event"] == "liaison forms exported"]
    assert [(line["organisation_id"], line["names"], line["departments"]) for line in exports] == [
        (world.ids["部中小企业局"], True, 2),
        (world.ids["人才交流中心"], False, 2),
        (world.ids["浙江省主管部门"], True, 1),
        (world.ids["宁波市主管部门"], True, 1),
    ]
    assert "王局长" not in str(lines)
    for name in ("甲大学", "operator"):
        assert problem(await world.act("GET", WORKBOOK, by=name), 403) == "act-not-held"
