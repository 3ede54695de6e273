"""The reading program: a file on its standard input, rows as lines of JSON on its standard output.

A process of its own, with limits on memory and time: a workbook of 6 KiB can make any reader ask for more
memory than there is and take its process with it. It imports nothing that is not needed, and knows no key.

First line: what the file is (`Head` of `reading.py`), or its fault. Then a list of `[line, cells]` per line
of output, as many at once as the argument says. A cell is null, text, a number, true or false, or
`{"date": "2023-01-05"}`.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 120
MOST_UNPACKED = 400 * 1024 * 1024
MOST_MEMBERS = 2_000
MOST_LINES = 60_001
MOST_COLUMNS = 200
TOP = 10
"""So many lines are told with the head: the headings are among them."""
STAMP = "_lingjun"
"""The hidden sheet of a template that says of which class, pack and version it is."""

CAUSES = "问题汇总"
"""The first sheet of a workbook that was given back marked."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_FORMULA = re.compile(rb"<(?:[A-Za-z0-9]+:)?f[ />]")
_HIDDEN = re.compile(rb"<(?:[A-Za-z0-9]+:)?row\b[^>]*\bhidden=[\"'](?:1|true)[\"']")
_FAR_COLUMN = re.compile(rb"\br=[\"'][A-Z]{3}[0-9]+[\"']")

Cell = Any

_UNMARKED: Mapping[str, Any] = {"stamp": {}, "merged": [], "hidden": [], "formulas": []}
"""What text cannot have."""


class Unreadable(Exception):
    """The file as a whole cannot be read; the one argument is the code of its fault."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    content = sys.stdin.buffer.read()
    try:
        head, lines = read_file(content)
    except Unreadable as fault:
        _say({"fault": str(fault)})
        return
    numbered = enumerate(lines, 1)
    top = list(islice(numbered, TOP))
    _say({**head, "top": top})
    every = chain(top, numbered)
    while batch := list(islice(every, int(sys.argv[1]))):
        _say(batch)


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_file(content: bytes) -> tuple[dict[str, Any], Iterable[list[Cell]]]:
    """Tell what the file is, and give its lines; raises Unreadable."""
    if content.startswith(_ZIP):
        return _read_workbook(content)
    if content.startswith(_OLE):
        raise Unreadable("workbook_old_format")
    return _read_csv(content)


def _read_workbook(content: bytes) -> tuple[dict[str, Any], Iterable[list[Cell]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive)
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            stamp = _stamp(book)
            name = _data_sheet(book, stamp)
            xml = archive.read(sheet_member(archive, name))
        if _FAR_COLUMN.search(xml):
            raise Unreadable("workbook_too_large")
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, zipfile.BadZipFile, KeyError, expat.ExpatError, OSError, ValueError) as error:
        raise Unreadable("workbook_unreadable") from error
    if sheet.total_height > MOST_LINES:
        raise Unreadable("rows_too_many")
    head = {
        "format": "xlsx",
        "sheet": name,
        "lines": sheet.total_height,
        "stamp": stamp,
        "merged": [[top + 1, left, bottom + 1, right] for (top, left), (bottom, right) in _merged(sheet)],
        **_marks(xml),
    }
    return head, _rows(sheet)


def _check_members(archive: zipfile.ZipFile) -> None:
    members = archive.infolist()
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise Unreadable("workbook_too_large")
    if "xl/workbook.xml" not in archive.namelist():
        raise Unreadable("workbook_unreadable")


def chosen_sheet(content: bytes) -> str:
    """Name the sheet of a workbook that its rows are read from."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return _data_sheet(book, _stamp(book))


def _data_sheet(book: CalamineWorkbook, stamp: Mapping[str, str]) -> str:
    """Take the sheet that the stamp names, else the first that is shown, but never one of our own."""
    if stamp.get("sheet") in book.sheet_names:
        return stamp["sheet"]
    for one in book.sheets_metadata:
        ours = one.name.startswith(STAMP) or one.name == CAUSES
        if one.visible == SheetVisibleEnum.Visible and not ours:
            return one.name
    raise Unreadable("wrong_workbook")


def _stamp(book: CalamineWorkbook) -> dict[str, str]:
    if STAMP not in book.sheet_names:
        return {}
    rows = book.get_sheet_by_name(STAMP).to_python(skip_empty_area=False)
    return {str(row[0]): str(row[1]) for row in rows[:20] if len(row) > 1 and row[0]}


def _merged(sheet: CalamineSheet) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    return sheet.merged_cell_ranges or []


def _rows(sheet: CalamineSheet) -> Iterator[list[Cell]]:
    indent: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        cells = [*indent, *(_plain(cell) for cell in row)]
        while cells and cells[-1] is None:
            cells.pop()
        yield cells[:MOST_COLUMNS]


def _plain(cell: object) -> Cell:
    match cell:
        case str():
            return cell or None
        case bool() | int() | float():
            return cell
        case datetime():
            return {"date": cell.date().isoformat()}
        case date():
            return {"date": cell.isoformat()}
        case time() | timedelta():
            return str(cell)
        case _:
            return None


def _marks(xml: bytes) -> dict[str, list[Any]]:
    """Find hidden rows and the cells of formulas; most workbooks have neither, which one look tells."""
    hidden: list[int] = []
    formulas: list[str] = []
    if not _FORMULA.search(xml) and not _HIDDEN.search(xml):
        return {"hidden": hidden, "formulas": formulas}
    parser = expat.ParserCreate()
    here = ""

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal here
        match name.rpartition(":")[2]:
            case "row" if attributes.get("hidden") in {"1", "true"}:
                hidden.append(int(attributes["r"]))
            case "c":
                here = attributes.get("r", "")
            case "f":
                formulas.append(here)

    parser.StartElementHandler = begin
    parser.Parse(xml, True)
    return {"hidden": hidden, "formulas": formulas}


def sheet_member(archive: zipfile.ZipFile, name: str) -> str:
    """Name the member of the archive that holds the sheet of this name; raises KeyError without one."""
    sheets = {one["name"]: one for one in _elements(archive.read("xl/workbook.xml"), "sheet")}
    wanted = next(value for key, value in sheets[name].items() if key.endswith(":id"))
    targets = {one["Id"]: one["Target"] for one in relations(archive, "xl/_rels/workbook.xml.rels")}
    target = targets[wanted]
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def relations(archive: zipfile.ZipFile, member: str) -> list[dict[str, str]]:
    """List the relations of a part; one that has none has no such member."""
    return _elements(archive.read(member), "Relationship") if member in archive.namelist() else []


def _elements(xml: bytes, name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()

    def begin(element: str, attributes: dict[str, str]) -> None:
        if element.rpartition(":")[2] == name:
            found.append(attributes)

    parser.StartElementHandler = begin
    parser.Parse(xml, True)
    return found


def _read_csv(content: bytes) -> tuple[dict[str, Any], Iterable[list[Cell]]]:
    text, encoding = decode(content)
    if "\0" in text:
        raise Unreadable("encoding_unknown")
    delimiter = delimiter_of(text)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False))
    except csv.Error as error:
        raise Unreadable("workbook_unreadable") from error
    if len(rows) > MOST_LINES:
        raise Unreadable("rows_too_many")
    head = {
        "format": "csv",
        "encoding": encoding,
        "delimiter": delimiter,
        "lines": len(rows),
        **_UNMARKED,
    }
    return head, ([cell or None for cell in row[:MOST_COLUMNS]] for row in rows)


def delimiter_of(text: str) -> str:
    """Tell what stands between the cells: what the first line has most of."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def decode(content: bytes) -> tuple[str, str]:
    """Read text as clerks save it: UTF-8 with or without a mark, UTF-16 with one, else GB 18030."""
    for encoding, mark in (
        ("utf-8-sig", b""),
        ("utf-16", b"\xff\xfe"),
        ("utf-16", b"\xfe\xff"),
        ("gb18030", b""),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    raise Unreadable("encoding_unknown")


if __name__ == "__main__":
    main()
