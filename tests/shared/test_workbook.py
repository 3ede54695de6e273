"""Workbooks: names that every program takes, the same bytes for the same sheet, kept by no cache."""

import io
from datetime import UTC, datetime

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
