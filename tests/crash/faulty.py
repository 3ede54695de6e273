"""Files of trainees with faults of every kind, and the lines of them at which somebody dies."""

from collections.abc import Sequence
from io import BytesIO
from random import Random

from openpyxl import Workbook

from deploy.demo.sheets import Row
from deploy.demo.synthetic import mistyped

ROWS, SOUND_ROWS = 100, 60
_SLACK = 16
"""No kill is due in so many lines at the end, or the import could be over before it comes."""
_FULL_WIDTH = {ord(digit): 0xFEE0 + ord(digit) for digit in "0123456789"}


def choose_lines(kills: int, chance: Random) -> list[int]:
    """Choose a line for each kill, one in each of as many stretches of the file."""
    length = (ROWS - _SLACK) // max(1, kills)
    return [2 + length * number + chance.randrange(length) for number in range(kills)]


def odd(rows: Sequence[Row]) -> list[Row]:
    """Let rows say what is taken with a remark or a warning: stray spaces, an enterprise stated twice."""
    made = [dict(row) for row in rows]
    for place, row in enumerate(made):
        if place % 11 == 4:
            row["post"] = f" {row['post']} "
        if place % 15 == 9:
            row["phone"] = row["phone"].translate(_FULL_WIDTH)
        if place % 7 == 2:
            before = made[place - 1]
            row.update(uscc=before["uscc"], enterprise_name=before["enterprise_name"], employees="199")
    return made


def spoilt(rows: Sequence[Row]) -> list[Row]:
    """Put faults of every kind among rows, and lines that are empty."""
    made = odd(rows)
    for place, row in enumerate(made):
        if place % 9 == 1:
            row["phone"] = "电话"
        if place % 9 == 3:
            row["document_number"] = mistyped(row["document_number"])
        if place % 13 == 5:
            row["document_number"] = made[place - 1]["document_number"]
        if place % 17 == 6:
            row["industry_code"] = "99999"
        if place % 19 == 7:
            row["name"] = ""
        if place % 23 == 8:
            row.update(dict.fromkeys(row, ""))
    return made


def as_workbook(rows: Sequence[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("学员")
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([value or None for value in row.values()])
    written = BytesIO()
    book.save(written)
    return written.getvalue()
