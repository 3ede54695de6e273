"""Finding the columns of a file by their headings, and telling what is wrong with the file as a whole."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.enrollment.imports.columns import VERSION, Column
from services.enrollment.imports.faults import CellFinding, finding
from services.enrollment.imports.places import name_of
from services.enrollment.imports.reading import Head, Line

_FEWEST_FITTING = 3


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of the template stands at which place of the file (from 0), and where the headings are."""

    line: int
    places: Mapping[int, Column]
    findings: Sequence[CellFinding]

    @property
    def is_sound(self) -> bool:
        return all(one.severity != "error" for one in self.findings)


def read_headings(head: Head, columns: Sequence[Column], *, class_id: str, revision: int) -> Layout:
    """Lay the template over the first lines of a file."""
    known = {name: one for one in columns for name in (one.zh, one.en, one.key)}
    found = next((line for line in head.top if _fitting(line, known) >= _FEWEST_FITTING), None)
    stamped = _of_the_stamp(head, class_id, revision)
    if found is None:
        return Layout(1, {}, [*stamped, finding("wrong_workbook", "A1")])
    number, cells = found
    named = {place: known.get(_plain(cell)) for place, cell in enumerate(cells) if _plain(cell)}
    places = {place: column for place, column in named.items() if column is not None}
    findings = [
        *stamped,
        *_of_the_columns(number, named, columns),
        *([] if head.top[-1][0] > number or head.lines > number else [finding("no_rows", f"A{number}")]),
    ]
    return Layout(number, places, findings)


def _plain(cell: object) -> str:
    return "".join(cell.split()).rstrip("*＊") if isinstance(cell, str) else ""


def _fitting(line: Line, known: Mapping[str, Column]) -> int:
    return sum(_plain(cell) in known for cell in line[1])


def _of_the_stamp(head: Head, class_id: str, revision: int) -> list[CellFinding]:
    """Judge a file by its stamp; one without (CSV, or made by a system) is known by its headings alone."""
    stamp = head.stamp
    if not stamp:
        return []
    if stamp.get("version") != VERSION:
        return [finding("template_outdated", "A1", expected=VERSION)]
    if stamp.get("class_id") != class_id:
        return [finding("template_of_other_class", "A1")]
    if stamp.get("revision") != str(revision):
        return [finding("pack_revised", "A1", expected=str(revision))]
    return []


def _of_the_columns(
    line: int, named: Mapping[int, Column | None], columns: Sequence[Column]
) -> list[CellFinding]:
    findings: list[CellFinding] = []
    times = Counter(column.key for column in named.values() if column)
    seen: set[str] = set()
    ordered = [column.key for column in columns if column.key in times]
    at_its_place = iter(ordered)
    for place, column in named.items():
        cell = name_of((place, line))
        if column is None:
            findings.append(finding("column_unknown", cell))
        elif column.key in seen:
            findings.append(finding("column_repeated", cell, column.key, expected=column.zh))
        else:
            seen.add(column.key)
            if next(at_its_place) != column.key:
                findings.append(finding("columns_moved", cell, column.key))
    findings.extend(
        finding("column_missing", f"A{line}", column.key, expected=column.zh)
        for column in columns
        if column.required and column.key not in times
    )
    return findings
