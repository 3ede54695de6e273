"""Workbooks (xlsx) for people: a heading that stays in sight, columns of a fitting width, and only text.

Printed, a sheet lies across A4 as wide as the paper, with its heading and its number on every page.

A text is written as a text whatever it begins with, and its cell keeps that format when it is edited: no
program that opens the workbook computes what somebody typed into a form.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any
from unicodedata import east_asian_width

from fastapi import Response
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_NAME = 31
_UNCLEAR = re.compile(r"[^A-Za-z0-9._-]+")
_A4 = 9
_LINE_HEIGHT = 16.0
_ROOM_FOR_A_SEAL = 48.0
_STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "text": {"text_wrap": True, "valign": "top"},
        "heading": {"bold": True, "bottom": 1},
        "title": {"bold": True, "align": "center", "font_size": 14},
        "line": {"text_wrap": True, "valign": "vcenter"},
    }
)


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how many letters its column shows; a Chinese one takes the room of two."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their headings; a row may be shorter than the headings.

    Lines `above` stand over the table, the first as its title; lines `below` leave room for seal and date.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    above: Sequence[str] = ()
    below: Sequence[str] = ()


class WorkbookAnswer(Response):
    """A workbook to be saved, and by no cache: it may hold what only its reader may see."""

    media_type = MEDIA_TYPE

    @classmethod
    def of(cls, sheet: Sheet, name: str, now: datetime) -> "WorkbookAnswer":
        return cls(write(sheet, now), headers=_headers(name))

    @classmethod
    async def of_many(cls, sheets: Sequence[Sheet], name: str, now: datetime) -> "WorkbookAnswer":
        """Write long or many sheets in a thread: meanwhile others are answered."""
        return cls(await asyncio.to_thread(write_all, sheets, now), headers=_headers(name))


def write(sheet: Sheet, now: datetime) -> bytes:
    """Write a workbook of one sheet."""
    return write_all([sheet], now)


def write_all(sheets: Sequence[Sheet], now: datetime) -> bytes:
    """Write a workbook; the same sheets at the same time give the same bytes."""
    written = BytesIO()
    # The instant is written with a Z behind it, whatever zone it is in.
    created = {"created": now.astimezone(UTC).replace(tzinfo=None)}
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties(created)
        styles = {name: book.add_format({"num_format": "@", **style}) for name, style in _STYLES.items()}
        for sheet in sheets:
            page = book.add_worksheet(_FORBIDDEN.sub(" ", sheet.name)[:_LONGEST_NAME])
            _fill(page, sheet, styles)
    return written.getvalue()


def _fill(page: Worksheet, sheet: Sheet, styles: Mapping[str, Format]) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width, styles["text"])
    for line, words in enumerate(sheet.above):
        _across(page, line, sheet, words, styles["line" if line else "title"])
    top = len(sheet.above)
    for place, column in enumerate(sheet.columns):
        page.write_string(top, place, column.heading, styles["heading"])
    for line, row in enumerate(sheet.rows, top + 1):
        for place, cell in enumerate(row):
            page.write_string(line, place, cell, styles["text"])
    for line, words in enumerate(sheet.below, top + len(sheet.rows) + 2):
        _across(page, line, sheet, words, styles["line"], least=_ROOM_FOR_A_SEAL)
    page.freeze_panes(top + 1, 1)
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    page.set_footer("&C&P / &N")


def _across(
    page: Worksheet, line: int, sheet: Sheet, words: str, style: Format, least: float = _LINE_HEIGHT
) -> None:
    """Write words over all columns, in a row high enough for them: a merged cell does not grow by itself."""
    last = len(sheet.columns) - 1
    if last:
        page.merge_range(line, 0, line, last, "", style)
    page.write_string(line, 0, words, style)
    width = sum(column.width for column in sheet.columns)
    lines = sum(1 + _width(part) // width for part in words.split("\n"))
    page.set_row(line, max(least, lines * _LINE_HEIGHT))


def _width(words: str) -> int:
    return sum(1 + (east_asian_width(letter) in "WF") for letter in words)


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f'attachment; filename="{_UNCLEAR.sub("-", name)}.xlsx"',
        "cache-control": "no-store",
    }
