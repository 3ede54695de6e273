"""Reading a row: cells become a nomination and values, or findings at their cells."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from services.enrollment.identifiers import normalise
from services.enrollment.imports.cells import Read, expected_of, read_cell, shown, written
from services.enrollment.imports.columns import Column
from services.enrollment.imports.faults import CellFinding, finding
from services.enrollment.imports.headings import Layout
from services.enrollment.imports.places import column_letters, name_of
from services.enrollment.imports.reading import Head, Line
from services.enrollment.nominations.schemas import Nominate
from services.enrollment.persons.domain import match_key

_OWN_DOCUMENT = "resident_card"
_TIER_PARTS = ("tier_number", "tier_recognised_on", "tier_edition")
_STANDS_IN = {"name": "-", "post": "-", "uscc": "-", "document_number": "0000", "target_group": "x"}
"""For what is missing, so that all else of the row is looked at in the same go."""
_OF_ONE_PERSON = frozenset({"name", "document_number", "phone"})
_MOST_REMEMBERED = 4096
_SHAPES = {"phone": "phone_form", "document_issuer": "issuer_form"}


@dataclass(slots=True)
class SheetRow:
    """A row with values; `item` is there when nothing that it needs is missing or in error."""

    line: int
    cells: Sequence[Any]
    values: dict[str, Any]
    findings: list[CellFinding]
    item: Nominate | None = None
    is_blank: bool = False

    @property
    def in_error(self) -> bool:
        return bool(self.findings) and any(one.severity == "error" for one in self.findings)


@dataclass(kw_only=True)
class RowReader:
    """Reads the rows of one file in their order; remembers whom it has met, so that nobody comes twice."""

    head: Head
    layout: Layout
    class_id: str
    home_department: str | None
    """The department whose enterprises are meant where the column is empty."""

    _columns: dict[str, tuple[int, Column]] = field(init=False)
    _letters: dict[str, str] = field(init=False)
    _evidence: Mapping[str, str] = field(init=False)
    _declarations: Mapping[str, str] = field(init=False)
    _read_before: Mapping[str, dict[str, Read]] = field(init=False)
    _met: dict[tuple[str, str], int] = field(default_factory=dict)
    _merged: dict[int, list[tuple[int, int]]] = field(init=False)
    _gap: int = 0

    def __post_init__(self) -> None:
        self._columns = {column.key: (place, column) for place, column in self.layout.places.items()}
        self._letters = {key: column_letters(place) for key, (place, _) in self._columns.items()}
        self._evidence = _under("evidence.", self._columns)
        self._declarations = _under("declaration.", self._columns)
        self._read_before = {key: {} for key in self._columns if key not in _OF_ONE_PERSON}
        self._merged = {}
        for top, left, bottom, right in self.head.merged:
            for line in range(max(top, self.layout.line + 1), bottom + 1):
                self._merged.setdefault(line, []).append((left, right))

    def read_all(self, lines: Sequence[Line]) -> list[SheetRow]:
        """Read lines below the headings; of blank ones between others, the first of each gap."""
        rows: list[SheetRow] = []
        for line in lines:
            if not any(_holds_something(line[1], place) for place in self.layout.places):
                self._gap = self._gap or line[0]
                continue
            if self._gap:
                told = finding("blank_line", f"A{self._gap}")
                rows.append(SheetRow(self._gap, (), {}, [told], is_blank=True))
                self._gap = 0
            rows.append(self._read(line))
        return rows

    def _read(self, line: Line) -> SheetRow:
        number, cells = line
        row = SheetRow(number, cells, {}, [])
        if number in self.head.hidden:
            row.findings.append(finding("row_hidden", f"A{number}"))
        spoiled = self._spoiled(number)
        for key, (place, column) in self._columns.items():
            if key in spoiled:
                row.findings.append(self.at(row, key, spoiled[key]))
                continue
            cell = cells[place] if place < len(cells) else None
            if cell is None and not column.required:
                continue
            value, code = self._value(key, column, cell)
            if code is not None:
                row.findings.append(self.at(row, key, code, expected=expected_of(column)))
            if value is not None:
                row.values[key] = value
        self._complete_tier(row)
        self._make_item(row)
        return row

    def _value(self, key: str, column: Column, cell: Any) -> Read:
        """Read a cell; what many rows say alike, of an enterprise or from a list, is read once."""
        before = self._read_before.get(key)
        if before is None or not isinstance(cell, str):
            return read_cell(column, cell)
        read = before.get(cell)
        if read is None:
            if len(before) >= _MOST_REMEMBERED:
                before.clear()
            read = before[cell] = read_cell(column, cell)
        return read

    def at(self, row: SheetRow, key: str, code: str, *, expected: str | None = None) -> CellFinding:
        """Make a finding at the row's cell of a column."""
        return finding(code, self.cell(row, key), key, value=self.value_of(row, key), expected=expected)

    def cell(self, row: SheetRow, key: str) -> str:
        """Name the row's cell of a column; of one that the file does not have, its first cell."""
        return f"{self._letters.get(key, 'A')}{row.line}"

    def column_at(self, pointer: str) -> str | None:
        """Name the column whose value stands at a JSON pointer of the nomination."""
        for key, (_, column) in self._columns.items():
            if column.pointer == pointer:
                return key
        return None

    def value_of(self, row: SheetRow, key: str) -> str | None:
        """Show what stands in the row's cell of a column, masked."""
        if key not in self._columns:
            return None
        place, column = self._columns[key]
        return shown(column, row.cells[place]) if place < len(row.cells) else None

    def _spoiled(self, number: int) -> dict[str, str]:
        """Find the cells of a line whose value cannot be trusted, whatever it is."""
        if not self._merged and not self.head.formulas:  # nearly every file
            return {}
        spoiled: dict[str, str] = {}
        for left, right in self._merged.get(number, ()):
            spoiled |= {
                key: "merged_cells" for key, (place, _) in self._columns.items() if left <= place <= right
            }
        if self.head.formulas:
            spoiled |= {
                key: "formula"
                for key, (place, _) in self._columns.items()
                if name_of((place, number)) in self.head.formulas
            }
        return spoiled

    def _complete_tier(self, row: SheetRow) -> None:
        if "tier" in row.values:
            told = {one.column for one in row.findings}
            row.findings.extend(
                self.at(row, key, "value_missing")
                for key in _TIER_PARTS
                if key not in row.values and key not in told
            )

    def _make_item(self, row: SheetRow) -> None:
        stands_in = _STANDS_IN.keys() - row.values.keys()
        values = {**_STANDS_IN, **row.values} if stands_in else row.values
        person = {
            "name": values["name"],
            "post": values["post"],
            "phone": values.get("phone"),
            "document": {
                "kind": values.get("document_kind", _OWN_DOCUMENT),
                "number": values["document_number"],
                "issuer": values.get("document_issuer", "").upper() or None,
            },
        }
        asked = {
            "class_id": self.class_id,
            "enterprise_uscc": values["uscc"],
            "person": person,
            "target_group": values["target_group"],
            "evidence": {code: values[key] for key, code in self._evidence.items() if key in values},
            "declarations": [code for key, code in self._declarations.items() if values.get(key)],
            "second_enrolment_reason": values.get("second_enrolment_reason"),
        }
        try:
            item = Nominate.model_validate(asked)
        except ValidationError as error:
            self._blame(row, error)
            return
        if stands_in:
            return
        document = item.person.document
        holder = match_key(document.kind, normalise(document.number), document.issuer)
        first = self._met.setdefault((document.kind, holder), row.line)
        if first != row.line:
            row.findings.append(self.at(row, "document_number", "person_repeated", expected=str(first)))
            return
        row.item = item

    def _blame(self, row: SheetRow, error: ValidationError) -> None:
        for one in error.errors(include_url=False, include_context=False, include_input=False):
            place = [str(part) for part in one["loc"]]
            pointers = ("/" + "/".join(place[:length]) for length in range(len(place), 0, -1))
            key = next((key for pointer in pointers if (key := self.column_at(pointer))), "name")
            row.findings.append(self.at(row, key, _SHAPES.get(key, "text_refused")))


def _holds_something(cells: Sequence[Any], place: int) -> bool:
    return place < len(cells) and cells[place] is not None and written(cells[place]).strip() != ""


def _under(prefix: str, keys: Iterable[str]) -> dict[str, str]:
    """Name the code of each of the columns that begin with a prefix."""
    return {key: key.removeprefix(prefix) for key in keys if key.startswith(prefix)}
