"""Workbooks: names that every program takes, the same bytes for the same sheet, kept by no cache."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from shared.workbook import Column, Sheet, WorkbookAnswer, write

NOW = datetime(2023, 5, 4, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["表" * 40, "a/b\\c:d?e*f[g]", "'quoted'"])
def test_any_title_becomes_a_name_that_a_sheet_can_have(name: str):
    written = write(Sheet(name, [Column("甲", 10)], [["一"]]), NOW)
    book = load_workbook(io.BytesIO(written))
    assert len(book.sheetnames[0]) <= 31
    assert book.worksheets[0]["A2"].value == "一"


def test_the_same_sheet_at_the_same_time_gives_the_same_bytes():
    sheet = Sheet("表", [Column("甲", 10), Column("乙", 10)], [["=1+1", "http://x.invalid"], ["短"]])
    assert write(sheet, NOW) == write(sheet, NOW)


def test_a_workbook_is_saved_under_a_plain_name_and_kept_by_no_cache():
    answer = WorkbookAnswer.of(Sheet("表", [Column("甲", 10)], []), 'a".b 表', NOW)
    assert answer.headers["content-disposition"] == 'attachment; filename="a-.b-.xlsx"'
    assert answer.headers["cache-control"] == "no-store"


def test_lines_stand_above_and_below_the_table_and_are_never_computed():
    above, below = ("名单", "=1+1"), ("盖章：", "日期：")
    sheet = Sheet("表", [Column("甲", 10), Column("乙", 10)], [["一", "二"]], above, below)
    page = load_workbook(io.BytesIO(write(sheet, NOW))).worksheets[0]
    first = [row[0] for row in page.iter_rows(values_only=True)]
    assert first == ["名单", "=1+1", "甲", "一", None, "盖章：", "日期："]
    assert page["A2"].data_type == "s"
    assert {str(one) for one in page.merged_cells.ranges} == {"A1:B1", "A2:B2", "A6:B6", "A7:B7"}


def test_a_printed_sheet_lies_across_the_paper_with_its_heading_and_its_number_on_every_page():
    sheet = Sheet("表", [Column("甲", 10)], [["一"]] * 200, ("名单",), ("盖章：",))
    page: Any = load_workbook(io.BytesIO(write(sheet, NOW))).worksheets[0]
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage) == (0, True)
    assert page.print_title_rows == "$2:$2"
    assert page.HeaderFooter.oddFooter.center.text == "&P / &N"
    assert page.freeze_panes == "B3"


def test_a_line_has_room_for_all_its_words_and_for_a_seal():
    sheet = Sheet("表", [Column("甲", 10), Column("乙", 10)], [], ("名单", "一二三四五" * 8), ("盖章：",))
    page = load_workbook(io.BytesIO(write(sheet, NOW))).worksheets[0]
    assert page.row_dimensions[2].height >= 4 * page.row_dimensions[1].height
    assert page.row_dimensions[5].height >= 3 * page.row_dimensions[1].height


async def test_many_sheets_make_one_workbook():
    sheets = [Sheet(name, [Column("甲", 10)], [[name]]) for name in ("一", "二")]
    answer = await WorkbookAnswer.of_many(sheets, "two", NOW)
    book = load_workbook(io.BytesIO(answer.body))
    assert [(page.title, page["A2"].value) for page in book.worksheets] == [("一", "一"), ("二", "二")]
    assert answer.headers["cache-control"] == "no-store"
