"""The annual report: a sheet of each count, for who reads all and for each department its own."""

import io
import threading
from collections.abc import Sequence
from datetime import datetime

import httpx
import pytest
from openpyxl import load_workbook
from structlog.testing import capture_logs

from shared.workbook import Sheet, write_all
from tests.support.enrollment_world import World
from tests.support.halves import Cycle

Sheets = dict[str, list[list[str]]]


async def ask(cycle: Cycle, by: str) -> httpx.Response:
    async with cycle.world.as_(by) as http:
        return await http.get("/v1/progress/workbook", params={"cycle_id": cycle.cycle_id})


async def report(cycle: Cycle, by: str) -> Sheets:
    """Read the table of each sheet, its headings first; and the lines above under the name `above`."""
    answer = await ask(cycle, by)
    assert answer.status_code == 200, answer.text
    book = load_workbook(io.BytesIO(answer.content))
    read = {
        page.title: [["" if cell is None else str(cell) for cell in row] for row in page.values]
        for page in book.worksheets
    }
    above = [row[:1] for row in next(iter(read.values()))[:3]]
    return {"above": above, **{title: rows[3:] for title, rows in read.items()}}


@pytest.mark.clause("C06", "C07")
async def test_the_report_holds_the_floors_with_their_clauses_and_a_sheet_of_each_count(cycle: Cycle):
    told = await report(cycle, cycle.bureau)
    assert list(told) == ["above", "指标", "主管部门", "承担机构", "班次类别", "组织方式", "学员类别"]
    assert told["above"][2] == ["范围：全部    人数：10    结业：0"]
    heading, persons, manufacturing = told["指标"]
    assert heading[:2] == ["指标", "条款"]
    assert persons[1:] == ["C06", "1800", "", "10", "", "", "未达到", "1790"]
    assert manufacturing[1:] == ["C07", "", "0.30", "3", "10", "0.3000", "达到", "0"]
    assert told["主管部门"][1:] == [["浙江省", "8", "0", "8", "1"], ["宁波市", "2", "0", "2", "2"]]
    assert told["承担机构"][1:] == [["样例学院", "6", "0", "6", "0"], ["演练大学", "4", "0", "4", "3"]]
    [region] = [row for row in told["班次类别"] if row[2] == "10"]
    assert region[1] == "1.0000"


@pytest.mark.clause("C28")
async def test_a_cycle_with_tiers_has_a_sheet_of_them(world: World):
    cycle = await Cycle(world).settle("2022-2023", "theme")
    await world.enrol(cycle.one, [cycle.ningbo] * 3, tier="little_giant")
    told = await report(cycle, cycle.bureau)
    assert ["专精特新“小巨人”企业", "1.0000", "3", "0", "3"] in told["企业梯度"]


@pytest.mark.clause("C35", "Q11")
async def test_a_department_gets_what_is_its_own_and_no_floors(cycle: Cycle):
    told = await report(cycle, cycle.ningbo)
    assert "指标" not in told
    assert told["above"][2] == ["范围：本单位可见范围    人数：2    结业：0"]
    assert told["主管部门"][1:] == [["宁波市", "2", "0", "2", "2"]]


async def test_the_bureau_departments_and_who_tracks_take_it_out_and_that_is_logged(cycle: Cycle):
    tracker = await cycle.world.organisation("promotion_centre", "促进中心")
    with capture_logs() as logged:
        assert (await ask(cycle, tracker)).status_code == 200
    [entry] = [one for one in logged if one["event"] == "annual report exported"]
    assert (entry["organisation_id"], entry["heads"]) == (tracker, 10)
    assert (await ask(cycle, cycle.first)).status_code == 403


async def test_a_report_is_written_in_another_thread_than_the_one_that_answers(
    cycle: Cycle, monkeypatch: pytest.MonkeyPatch
):
    threads: list[int] = []

    def written(sheets: Sequence[Sheet], now: datetime) -> bytes:
        threads.append(threading.get_ident())
        return write_all(sheets, now)

    monkeypatch.setattr("shared.workbook.write_all", written)
    assert (await ask(cycle, cycle.bureau)).status_code == 200
    assert len(threads) == 1
    assert threads != [threading.get_ident()]
