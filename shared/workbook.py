"""Workbooks (xlsx) for people: a heading that stays in sight, columns of a fitting width, and only text.

A text is written as a text whatever it begins with, and its cell keeps that format when it is edited: no
program that opens the workbook computes what somebody typed into a form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from fastapi import Response
from xlsxwriter import Workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]|^'|'$")
_LONGEST_NAME = 31
_UNCLEAR = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how many letters its column shows; a Chinese one takes the room of two."""

    heading: str
    width: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their headings; a row may be shorter than the headings."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


class WorkbookAnswer(Response):
    """A workbook to be saved, and by no cache: it may hold what only its reader may see."""

    media_type = MEDIA_TYPE

    @classmethod
    def of(cls, sheet: Sheet, name: str, now: datetime) -> "WorkbookAnswer":
        headers = {
            "content-disposition": f'attachment; filename="{_UNCLEAR.sub("-", name)}.xlsx"',
            "cache-control": "no-store",
        }
        return cls(write(sheet, now), headers=headers)


def write(sheet: Sheet, now: datetime) -> bytes:
    """Write a workbook of one sheet; the same sheet at the same time gives the same bytes."""
    written = BytesIO()
    # The instant is written with a Z behind it, whatever zone it is in.
    created = {"created": now.astimezone(UTC).replace(tzinfo=None)}
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties(created)
        page = book.add_worksheet(_FORBIDDEN.sub(" ", sheet.name)[:_LONGEST_NAME])
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        heading = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, column.width, text)
            page.write_string(0, place, column.heading, heading)
        for line, row in enumerate(sheet.rows, 1):
            for place, cell in enumerate(row):
                page.write_string(line, place, cell, text)
        page.freeze_panes(1, 1)
    return written.getvalue()
