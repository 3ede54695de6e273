"""Reading one cell: what its column takes, from the ways in which spreadsheets spoil it.

`read_cell` gives a value and at most one code of `faults.py`; an error gives no value.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from services.enrollment.imports.columns import Column, Kind
from services.enrollment.persons.domain import mask_name, mask_number

Cell = Any
Read = tuple[Any, str | None]

DATE_FORMS = "2023-01-05、2023/1/5、2023.1.5、20230105、2023年1月5日"
EXPECTED: Mapping[str, str] = {
    "date": DATE_FORMS,
    "count": "整数 / a whole number",
    "money": "以万元计的数 / a number of 10,000 CNY, at most six decimals",
}

_EXACT = 10**15
"""A spreadsheet keeps fifteen digits; a longer number has lost the rest."""
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")
_PLAIN = re.compile(r"[0-9A-DF-Z]+")
"""Digits and capital letters as they should be; with an E it may be a quantity in scientific form."""
_SPACES = re.compile("[\\s\u200b-\u200d\ufeff]")
_TRIMMED = "\u200b\u200c\u200d\ufeff \t\r\n\u00a0\u3000"
_DATES = (
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})(年)([0-9]{1,2})月([0-9]{1,2})日"),
)
_TO_HALF = {0xFEE0 + code: chr(code) for code in range(0x21, 0x7F)}
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SERIAL_DAY_ZERO = date(1899, 12, 30).toordinal()
_SERIALS = range(1, 80_000)
_YES = frozenset({"是", "yes", "Y", "y", "true", "TRUE", "√", "✓", "1"})
_NO = frozenset({"否", "no", "N", "n", "false", "FALSE", "×", "0"})


def read_cell(column: Column, cell: Cell) -> Read:
    """Read a cell; an empty one is None and no fault, unless its column is required."""
    if isinstance(cell, str) and not cell.strip(_TRIMMED):
        cell = None
    if cell is None:
        return None, "value_missing" if column.required else None
    return _READERS[column.kind](column, cell)


def _text(_column: Column, cell: Cell) -> Read:
    text = written(cell)
    trimmed = text.strip(_TRIMMED)
    return trimmed, "stray_spaces" if trimmed != text else None


def _id(column: Column, cell: Cell) -> Read:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell >= _EXACT or cell != int(cell):
            return None, "digits_lost"
        digits = str(int(cell))
        return (None, "leading_zeros_lost") if len(digits) < column.shortest else (digits, None)
    text = written(cell)
    if _PLAIN.fullmatch(text):  # nearly all of them
        return text, None
    if _SCIENTIFIC.fullmatch(text.strip(_TRIMMED)):
        return None, "digits_lost"
    half = text.translate(_TO_HALF)
    trimmed = _SPACES.sub("", half)
    if half != text:
        return trimmed, "full_width"
    return trimmed, "stray_spaces" if trimmed != half else None


def _date(_column: Column, cell: Cell) -> Read:
    if isinstance(cell, dict):
        return date.fromisoformat(cell["date"]), None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = int(cell)
        if whole == cell and whole in _SERIALS:  # a day that lost its format
            return date.fromordinal(_SERIAL_DAY_ZERO + whole), None
        cell = str(whole)
    text = written(cell)
    half = text.translate(_TO_HALF)
    trimmed = _SPACES.sub("", half)
    found = next((match for form in _DATES if (match := form.fullmatch(trimmed))), None)
    try:
        day = date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        day = None
    if day is None:
        return None, "date_unreadable"
    return day, "full_width" if half != text else "stray_spaces" if trimmed != half else None


def _count(_column: Column, cell: Cell) -> Read:
    number, fault = _money(_column, cell)
    if number is None or number == int(number):
        return (None if number is None else int(number)), fault
    return None, "number_unreadable"


def _money(_column: Column, cell: Cell) -> Read:
    if isinstance(cell, bool):
        return None, "number_unreadable"
    if isinstance(cell, int | float):
        return Decimal(repr(cell)).quantize(Decimal("0.000001")).normalize() + 0, None
    text = written(cell)
    half = text.translate(_TO_HALF)
    trimmed = _SPACES.sub("", half)
    if _GROUPED.fullmatch(trimmed):
        trimmed = trimmed.replace(",", "")
    try:
        number = Decimal(trimmed)
    except InvalidOperation:
        return None, "number_unreadable"
    if not number.is_finite():
        return None, "number_unreadable"
    return number, "full_width" if half != text else "stray_spaces" if _SPACES.search(half) else None


def _choice(column: Column, cell: Cell) -> Read:
    text = written(cell)
    trimmed = text.strip(_TRIMMED)
    code = column.codes.get(trimmed)
    if code is None:
        return None, "choice_unknown"
    return code, "stray_spaces" if trimmed != text else None


def _flag(_column: Column, cell: Cell) -> Read:
    if isinstance(cell, bool):
        return cell, None
    text = written(cell).strip(_TRIMMED)
    return (text in _YES, None) if text in _YES | _NO else (None, "choice_unknown")


_READERS: Mapping[Kind, Callable[[Column, Cell], Read]] = {
    "text": _text,
    "id": _id,
    "count": _count,
    "money": _money,
    "date": _date,
    "choice": _choice,
    "flag": _flag,
}


def written(cell: Cell) -> str:
    """Write a cell as its reader sees it."""
    match cell:
        case str():
            return cell
        case {"date": day}:
            return str(day)
        case float() if cell == int(cell):
            return str(int(cell))
        case _:
            return str(cell)


def shown(column: Column, cell: Cell) -> str | None:
    """Show in a report what stood in a cell, so that nobody is known by it."""
    if cell is None:
        return None
    text = written(cell).strip(_TRIMMED)[:60]
    if column.key == "name":
        return mask_name(text) if text else None
    return mask_number(text) if column.kind == "id" and column.key != "industry_code" else text


def expected_of(column: Column) -> str | None:
    """Say what a column takes: its words, or its form."""
    if column.choices:
        return "、".join(one.word for one in column.choices[:_MOST_WORDS])
    return EXPECTED.get(column.kind)


_MOST_WORDS = 40
