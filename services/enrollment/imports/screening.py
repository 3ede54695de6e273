"""Screening a chunk of rows as nominations: all that can be said and written down without the database.

The same drafts, checks and entries as of a single nomination: an import can do nothing that its
organisation could not do row by row. Of a row in error nothing is stored, nor of an enterprise that only
such rows name. A chunk goes through `read`, `draft` and `screen`; between them its worker looks up whom and
what the rows name, so that all of this may run in another process (`preparing.py`). The next chunk may be
read before the one at hand is screened.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from services.enrollment.enterprises.models import Enterprise
from services.enrollment.findings import Finding, has_error
from services.enrollment.identifiers import normalise
from services.enrollment.imports.domain import Outcome
from services.enrollment.imports.faults import CellFinding
from services.enrollment.imports.reading import Batch, lines_of
from services.enrollment.imports.rows import RowReader, SheetRow
from services.enrollment.imports.stating import Statements
from services.enrollment.nominations.domain import NominatorHasNoRole
from services.enrollment.nominations.drafts import Draft, Drafter, Heads, Sources, asked_keys
from services.enrollment.nominations.entries import Entry, make_entry
from services.enrollment.persons.models import Key
from services.enrollment.persons.queries import OnRecord
from services.enrollment.plan import PlannedClass
from shared.caller import Caller
from shared.events.policy import ConceptAbsent
from shared.events.registry import OrganisationState
from shared.sealed import Sealer


class Screened(NamedTuple):
    """What is said of the rows of a chunk, the entries of those that stand, by line, and new enterprises.

    Of a row that stands and of which there is nothing to say, there is the entry alone.
    """

    results: list[dict[str, Any]]
    entries: list[Entry]
    enterprises: dict[str, Mapping[str, Any]]


@dataclass(kw_only=True)
class Screener:
    """Screens one file for the one who imports it; `departments` are all that are known."""

    reader: RowReader
    caller: Caller
    sealer: Sealer
    planned: PlannedClass
    departments: Mapping[str, OrganisationState]
    now: datetime
    stores: bool
    from_line: int
    """Lines before it were dealt with before a crash: only what they say of enterprises still counts."""

    statements: Statements = field(init=False)
    _coming: Sequence[SheetRow] = ()
    _rows: Sequence[SheetRow] = ()
    _drafts: dict[int, Draft] = field(default_factory=dict)
    _on_record: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.statements = Statements(
            reader=self.reader,
            organisation_id=str(self.caller.organisation_id),
            organisations=self.departments,
            now=self.now,
        )

    def read(self, batch: Batch) -> tuple[int, set[str]]:
        """Read the next lines; give the number of the last, and the credit codes that they name."""
        lines = lines_of(batch)
        headings = self.reader.layout.line
        self._coming = self.reader.read_all([line for line in lines if line[0] > headings])
        return lines[-1][0], {normalise(row.values["uscc"]) for row in self._coming if "uscc" in row.values}

    def draft(self, found: Mapping[str, Enterprise]) -> dict[Key, Key]:
        """Understand the rows that were read; give the keys under which their persons may be on record.

        `found` are the enterprises on record. A row that cannot be understood gets a finding.
        """
        start = self._first_to_deal_with()
        self._remember(self._coming[:start], found)
        self._rows = self._coming[start:]
        enterprises = dict(found)
        self._on_record = frozenset(found)
        self.statements.forget_comparisons()
        for row in self._rows:
            self.statements.hear(row, enterprises)
        sources = Sources(
            classes={self.planned.state.id: self.planned},
            enterprises=enterprises,
            department_codes={one: home.code for one, home in self.departments.items()},
        )
        drafter = Drafter(sources=sources, caller=self.caller, sealer=self.sealer, now=self.now)
        self._drafts = {}
        for row in self._rows:
            if row.item is None or normalise(row.item.enterprise_uscc) not in enterprises:
                continue
            try:
                self._drafts[row.line] = drafter.draft(row.line, row.item)
            except NominatorHasNoRole:
                row.findings.append(self.reader.at(row, "uscc", "nominator_has_no_role"))
        return asked_keys(self._drafts.values())

    def _first_to_deal_with(self) -> int:
        """Find the first row that is not dealt with; a blank line is told together with the row below it."""
        below = (place for place, row in enumerate(self._coming) if row.line >= self.from_line)
        start = next((place for place in below if not self._coming[place].is_blank), len(self._coming))
        while start and self._coming[start - 1].is_blank:
            start -= 1
        return start

    def _remember(self, rows: Sequence[SheetRow], found: Mapping[str, Enterprise]) -> None:
        """Hear rows as they were heard before the crash: what was stored of them is not the record."""
        mine = (self.caller.organisation_id, self.now)
        before = {code: one for code, one in found.items() if (one.proposed_by, one.created_at) != mine}
        for row in rows:
            self.statements.hear(row, before)

    def screen(self, known: Mapping[Key, OnRecord], heads: Heads) -> Screened:
        """Run the checks of the pack, and write down what stands; `known` are the persons on record."""
        entries: list[Entry] = []
        enterprises: dict[str, Mapping[str, Any]] = {}
        lines: dict[str, int] = {}
        silent: set[int] = set()
        for row in self._rows:
            draft = self._drafts.get(row.line)
            if draft is None:
                continue
            person = known.get(draft.key)
            if person and lines.setdefault(person.id, row.line) != row.line:  # two documents of one person
                first = str(lines[person.id])
                row.findings.append(self.reader.at(row, "document_number", "person_repeated", expected=first))
            findings = self._findings(row, draft, person, heads)
            if self.stores and not row.in_error and not has_error(findings):
                entries.append(make_entry(self.sealer, draft, findings, person, self.now))
                if not row.findings:
                    silent.add(row.line)
                code = draft.employer.uscc.value
                if code not in self._on_record:
                    enterprises[code] = self.statements.made[code].row
        results = [_result(row) for row in self._rows if row.line not in silent]
        return Screened(results, entries, enterprises)

    def _findings(self, row: SheetRow, draft: Draft, person: OnRecord | None, heads: Heads) -> list[Finding]:
        try:
            findings = draft.screened(self.sealer, person, heads)
        except ConceptAbsent as absent:  # evidence or a declaration that goes with another target group
            key = f"{absent.concept}.{absent.code}"
            row.findings.append(self.reader.at(row, key, "word_of_other_group"))
            return []
        row.findings.extend(self._placed(row, findings))
        return findings

    def _placed(self, row: SheetRow, findings: Sequence[Finding]) -> Iterator[CellFinding]:
        """Put what screening found at the cells where it can be mended."""
        for one in findings:
            key = self._declared(one) or self.reader.column_at(one.pointer)
            yield CellFinding(
                code=one.code,
                cell=self.reader.cell(row, key or ""),
                column=key,
                severity=one.severity,
                zh=one.zh,
                en=one.en,
                fixed_by=one.fixed_by,
                value=self.reader.value_of(row, key) if key else None,
            )

    def _declared(self, one: Finding) -> str | None:
        """Find the column of a declaration that is missing: all of them stand at one pointer."""
        if one.pointer != "/declarations":
            return None
        columns = self.reader.layout.places.values()
        return next((column.key for column in columns if one.zh.endswith(column.zh)), None)


def _result(row: SheetRow) -> dict[str, Any]:
    outcome: Outcome = "blank" if row.is_blank else "refused" if row.in_error else "sound"
    findings = [one.to_json() for one in row.findings] or None
    return {"line": row.line, "outcome": outcome, "nomination_id": None, "findings": findings}
