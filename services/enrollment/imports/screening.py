"""Screening a chunk of rows as nominations, and storing those that stand.

The same drafts, checks and commands as of a single nomination: an import can do nothing that its
organisation could not do row by row. Of a row in error nothing is stored, nor of an enterprise that only
such rows name.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.queries import find_heads
from services.enrollment.enterprises.commands import enterprise_row, keep_versions
from services.enrollment.enterprises.domain import (
    DepartmentUnknown,
    IndustryUnknown,
    TierEndsBeforeRecognition,
    UsccRefused,
)
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.queries import find_by_codes
from services.enrollment.enterprises.statements import Stated, check_statement
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.findings import Finding, has_error
from services.enrollment.identifiers import check_uscc, normalise
from services.enrollment.imports.domain import Outcome
from services.enrollment.imports.faults import CellFinding
from services.enrollment.imports.reading import FileRefused
from services.enrollment.imports.rows import RowReader, SheetRow
from services.enrollment.nominations.commands import Kept, keep_nominations
from services.enrollment.nominations.domain import CLASSES_TAKING_NOMINATIONS, NominatorHasNoRole
from services.enrollment.nominations.drafts import Draft, Heads, Sources, draft_nomination, read_sources
from services.enrollment.persons.models import Key, Person
from services.enrollment.persons.queries import find_persons
from services.enrollment.plan import PlannedClass
from services.enrollment.reference import FEN_PER_WAN, industries
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.events.registry import OrganisationState
from shared.inserting import insert_rows
from shared.outbox import record
from shared.sealed import Sealer

_TOLD = ("enterprise_name", "department", "industry_code", "employees", "revenue_wan", "assets_wan", "tier")

Screened = tuple[Draft, list[Finding]]


@dataclass(frozen=True, slots=True)
class _Statement:
    """What the row of a line was the first to say of an enterprise, and the record that this would make."""

    line: int
    row: Mapping[str, Any]
    record: Enterprise


@dataclass(kw_only=True)
class Importer:
    """Who imports, and what rows have said of enterprises so far; `organisations` are the departments."""

    reader: RowReader
    caller: Caller
    sealer: Sealer
    organisations: Mapping[str, OrganisationState]
    stated: dict[str, _Statement] = field(default_factory=dict)
    _agreed: set[tuple[Any, ...]] = field(default_factory=set)

    async def deal(
        self, session: AsyncSession, rows: Sequence[SheetRow], now: datetime, *, stores: bool
    ) -> list[dict[str, Any]]:
        """Screen rows and store those that stand, or only screen them; tell what became of each."""
        sources = await read_sources(session, [row.item for row in rows if row.item], held=True)
        for planned in sources.classes.values():  # none, where every row of the chunk is in error
            check_open(planned)
        drafts = await asyncio.to_thread(self._drafts, rows, sources, now)
        known = await find_persons(session, self.sealer, {one.key: one.identity for one in drafts.values()})
        heads = await find_heads(
            session, {(one.cycle_id, known[one.key].id) for one in drafts.values() if one.key in known}
        )
        sound = await asyncio.to_thread(self._screened, rows, drafts, known, heads)
        kept = await self._keep(session, sound, sources, known, now) if stores else {}
        return [self._result(row, kept.get(row.line)) for row in rows]

    async def remember(self, session: AsyncSession, rows: Sequence[SheetRow], now: datetime) -> None:
        """Go over rows that were dealt with before a crash: what they have said of enterprises counts."""
        found = await find_by_codes(session, {normalise(row.values.get("uscc", "")) for row in rows})
        mine = (self.caller.organisation_id, now)
        before = {code: one for code, one in found.items() if (one.proposed_by, one.created_at) != mine}
        for row in rows:
            self._find_enterprise(row, before, now)

    def _drafts(self, rows: Sequence[SheetRow], sources: Sources, now: datetime) -> dict[int, Draft]:
        """Understand the rows; one that cannot be understood gets a finding."""
        enterprises = dict(sources.enterprises)
        self._agreed.clear()  # others may have changed a record since the last chunk
        for row in rows:
            self._find_enterprise(row, enterprises, now)
        codes = {one: home.code for one, home in self.organisations.items()}
        within = replace(sources, enterprises=enterprises, department_codes=codes)
        drafts: dict[int, Draft] = {}
        for row in rows:
            if row.item is None or normalise(row.item.enterprise_uscc) not in enterprises:
                continue
            try:
                drafts[row.line] = draft_nomination(within, self.caller, self.sealer, row.line, row.item, now)
            except NominatorHasNoRole:
                row.findings.append(self.reader.at(row, "uscc", "nominator_has_no_role"))
        return drafts

    def _find_enterprise(self, row: SheetRow, found: dict[str, Enterprise], now: datetime) -> None:
        """Compare what a row says of its enterprise with the record, or take it as its first statement."""
        code = normalise(row.values.get("uscc", ""))
        if not code:
            return
        first = self.stated.get(code)
        if first is None and code in found:
            self._compare(row, found[code], "enterprise_differs", None)
            return
        if first is None:
            stated = self._state(row)
            if stated is None:
                return
            made = enterprise_row(stated, str(self.caller.organisation_id), now)
            first = self.stated[code] = _Statement(row.line, made, Enterprise(**made))
        elif first.line != row.line:
            self._compare(row, first.record, "enterprise_stated_twice", str(first.line))
        found.setdefault(code, first.record)

    def _state(self, row: SheetRow) -> Stated | None:
        if faults := check_uscc(row.values["uscc"]).faults:
            row.findings.extend(self.reader.at(row, "uscc", fault) for fault in faults)
            return None
        item = self.reader.statement(row)
        if item is None:
            return None
        try:
            return check_statement(item, self.organisations)
        except IndustryUnknown:
            row.findings.append(self.reader.at(row, "industry_code", self._of_industry(row)))
        except TierEndsBeforeRecognition:
            row.findings.append(self.reader.at(row, "tier_expires_on", "tier_ends_before_recognition"))
        except (RestsOnCopy, DepartmentUnknown, UsccRefused):
            row.findings.append(self.reader.at(row, "department", "department_missing"))
        return None

    def _of_industry(self, row: SheetRow) -> str:
        """Tell a code that lost its first zero (A01 is written 01 in a sheet) from one that is none."""
        code = row.values["industry_code"]
        return "leading_zeros_lost" if code.isdecimal() and f"0{code}" in industries() else "industry_unknown"

    def _compare(self, row: SheetRow, record: Enterprise, code: str, expected: str | None) -> None:
        told = (record.uscc, *map(row.values.get, _TOLD))
        if told in self._agreed:
            return
        on_record = _facts(record)
        differing = [
            key for key in _TOLD if key in row.values and _same_form(key, row.values[key]) != on_record[key]
        ]
        row.findings.extend(self.reader.at(row, key, code, expected=expected) for key in differing)
        if not differing:
            self._agreed.add(told)

    def _screened(
        self,
        rows: Sequence[SheetRow],
        drafts: Mapping[int, Draft],
        known: Mapping[Key, Person],
        heads: Heads,
    ) -> list[Screened]:
        sound: list[Screened] = []
        lines: dict[str, int] = {}
        for row in rows:
            draft = drafts.get(row.line)
            if draft is None:
                continue
            person = known.get(draft.key)
            if person and lines.setdefault(person.id, row.line) != row.line:  # two documents of one person
                first = str(lines[person.id])
                row.findings.append(self.reader.at(row, "document_number", "person_repeated", expected=first))
            findings = draft.screened(self.sealer, person, heads)
            row.findings.extend(self._placed(row, findings))
            if not row.in_error and not has_error(findings):
                sound.append((draft, findings))
        return sound

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

    async def _keep(
        self,
        session: AsyncSession,
        sound: Sequence[Screened],
        sources: Sources,
        known: Mapping[Key, Person],
        now: datetime,
    ) -> dict[int, Kept]:
        new = {draft.enterprise.uscc for draft, _ in sound} - sources.enterprises.keys()
        others = await self._store_enterprises(session, new, now)
        if others:
            sound = [
                (replace(draft, enterprise=others.get(draft.enterprise.uscc, draft.enterprise)), findings)
                for draft, findings in sound
            ]
        kept = await keep_nominations(session, self.caller, self.sealer, sound, known, now)
        return {one.draft.index: one for one in kept}

    async def _store_enterprises(
        self, session: AsyncSession, codes: set[str], now: datetime
    ) -> dict[str, Enterprise]:
        """Store what was only stated so far; give the records that others have made of them since."""
        new = {code: self.stated[code] for code in sorted(codes)}
        others: dict[str, Enterprise] = {}
        if not await insert_rows(
            session, Enterprise.__table__, [one.row for one in new.values()], skip_existing=True
        ):
            found = await find_by_codes(session, new.keys())
            others = {code: one for code, one in found.items() if one.id != new[code].record.id}
        made = [one.record for code, one in new.items() if code not in others]
        await keep_versions(session, made, str(self.caller.organisation_id), now)
        kinds = {str(self.caller.organisation_id): self.caller.kind}
        await record(session, *await enterprise_states(session, made, now, kinds))
        return others

    def _result(self, row: SheetRow, kept: Kept | None) -> dict[str, Any]:
        return {
            "line": row.line,
            "outcome": _outcome(row, kept),
            "nomination_id": kept.nomination_id if kept else None,
            "findings": [one.to_json() for one in row.findings] or None,
        }


def check_open(planned: PlannedClass) -> None:
    """Refuse the file when its class takes nobody any more; raises FileRefused."""
    if planned.cycle.state.status == "closed":
        raise FileRefused("cycle_closed")
    if planned.state.status not in CLASSES_TAKING_NOMINATIONS:
        raise FileRefused("class_takes_no_nominations")


def _outcome(row: SheetRow, kept: Kept | None) -> Outcome:
    if row.is_blank:
        return "blank"
    if kept is None:
        return "refused" if row.in_error else "sound"
    return "nominated" if kept.made else "credited" if kept.credited else "unchanged"


def _facts(record: Enterprise) -> dict[str, Any]:
    return {
        "enterprise_name": "".join(record.name.split()),
        "department": record.department_id,
        "industry_code": record.industry_code,
        "employees": record.employees,
        "revenue_wan": record.revenue_fen,
        "assets_wan": record.assets_fen,
        "tier": record.tier_code,
    }


def _same_form(key: str, value: Any) -> Any:
    match key:
        case "enterprise_name":
            return "".join(value.split())
        case "industry_code":
            known = industries().get(value.upper())
            return known.code if known else value
        case "revenue_wan" | "assets_wan":
            return int(value * FEN_PER_WAN)
        case _:
            return value
