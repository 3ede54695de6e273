"""The template of a class: an empty sheet that helps to fill it in, and says what it was made for.

Columns of numbers that are no quantities are text, so that no spreadsheet eats zeros or digits; columns of
words have drop-downs; hidden sheets hold the words and the stamp.
"""

import asyncio
import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from typing import Any, Literal

from fastapi import Response
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from services.enrollment.imports.cells import DATE_FORMS
from services.enrollment.imports.columns import VERSION, Column, columns_of
from services.enrollment.imports.places import column_letters
from services.enrollment.imports.reader import MOST_LINES, STAMP
from services.enrollment.plan import PlannedClass
from shared.events.registry import OrganisationState
from shared.workbook import MEDIA_TYPE

SHEET = "学员"
_WORDS = f"{STAMP}_words"
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
_LONGEST_TITLE = 32

Validation = dict[str, Any]


async def template_answer(
    planned: PlannedClass,
    departments: Sequence[OrganisationState],
    form: Literal["xlsx", "csv"],
    now: datetime,
) -> Response:
    columns = columns_of(planned.pack, departments)
    if form == "csv":
        content, media_type = write_csv(columns), "text/csv; charset=utf-8"
    else:
        stamp = {
            "version": VERSION,
            "sheet": SHEET,
            "class_id": planned.state.id,
            "cycle_id": planned.state.cycle_id,
            "revision": str(planned.cycle.state.revision),
        }
        content, media_type = await asyncio.to_thread(write_workbook, columns, stamp, now), MEDIA_TYPE
    name = f"trainees-{planned.state.id[:8]}.{form}"
    return Response(
        content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def write_csv(columns: Sequence[Column]) -> bytes:
    """Write the headings alone, with the mark by which spreadsheets know UTF-8."""
    written = StringIO()
    csv.writer(written).writerow([column.heading for column in columns])
    return written.getvalue().encode("utf-8-sig")


def write_workbook(columns: Sequence[Column], stamp: dict[str, str], now: datetime) -> bytes:
    """Write the template; the same class at the same time gives the same bytes."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": now.astimezone(UTC).replace(tzinfo=None)})
        page = book.add_worksheet(SHEET)
        words = book.add_worksheet(_WORDS)
        stamped = book.add_worksheet(STAMP)
        formats = {
            "text": book.add_format({"num_format": "@"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "number": book.add_format({"num_format": "0.######"}),
        }
        heading = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "vcenter", "num_format": "@"}
        plain, needed = book.add_format(heading), book.add_format({**heading, "bg_color": "#DDEBF7"})
        for place, column in enumerate(columns):
            page.set_column(place, place, column.width, formats[_format_of(column)])
            page.write_string(0, place, column.heading, needed if column.required else plain)
            page.data_validation(1, place, MOST_LINES - 1, place, _validation(book, words, place, column))
        page.set_row(0, 48)
        page.freeze_panes(1, 0)
        for line, (name, value) in enumerate(stamp.items()):
            stamped.write_row(line, 0, [name, value])
        words.hide()
        stamped.hide()
    return written.getvalue()


def _format_of(column: Column) -> str:
    match column.kind:
        case "count" | "money":
            return "number"
        case "date":
            return "date"
        case _:
            return "text"


def _validation(book: Workbook, words: Worksheet, place: int, column: Column) -> Validation:
    said: Validation = {
        "ignore_blank": True,
        "input_title": column.zh[:_LONGEST_TITLE],
        "input_message": _help(column),
        "error_title": column.zh[:_LONGEST_TITLE],
        "error_message": _help(column),
    }
    match column.kind:
        case "choice" | "flag":
            words.write_column(0, place, [one.word for one in column.choices])
            name = f"words_{place + 1}"
            letters = column_letters(place)
            book.define_name(name, f"={_WORDS}!${letters}$1:${letters}${len(column.choices)}")
            return {**said, "validate": "list", "source": f"={name}"}
        case "count":
            return {**said, "validate": "integer", "criteria": ">=", "value": 0}
        case "money":
            return {**said, "validate": "decimal", "criteria": ">=", "value": 0}
        case "date":
            return {
                **said,
                "validate": "date",
                "criteria": "between",
                "minimum": _FIRST_DAY,
                "maximum": _LAST_DAY,
                "error_type": "warning",  # a date written as text is read as well
            }
        case _:
            return {**said, "validate": "any"}


def _help(column: Column) -> str:
    must = "必填。" if column.required else "选填。"
    match column.kind:
        case "id":
            return f"{must}请按证件逐字输入；本列为文本，不要改成数字。{column.en}"
        case "choice" | "flag":
            return f"{must}请从下拉列表中选择。{column.en}"
        case "date":
            return f"{must}{DATE_FORMS}。{column.en}"
        case _:
            return f"{must}{column.en}"
