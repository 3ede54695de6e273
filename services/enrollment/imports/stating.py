"""What rows say of their enterprises: compared with the record, or the first statement of a new one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from services.enrollment.enterprises.commands import enterprise_row
from services.enrollment.enterprises.domain import (
    DepartmentUnknown,
    IndustryUnknown,
    TierEndsBeforeRecognition,
    UsccRefused,
)
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.schemas import ProposeEnterprise
from services.enrollment.enterprises.statements import Stated, check_statement
from services.enrollment.identifiers import check_uscc, normalise
from services.enrollment.imports.rows import RowReader, SheetRow
from services.enrollment.reference import FEN_PER_WAN, industries
from shared.copywatch import RestsOnCopy
from shared.events.registry import OrganisationState

_TOLD = ("enterprise_name", "department", "industry_code", "employees", "revenue_wan", "assets_wan", "tier")

_HALF = str.maketrans("（）", "()")


@dataclass(frozen=True, slots=True)
class Statement:
    """What the row of a line was the first to say of an enterprise, and the record that this would make."""

    line: int
    row: Mapping[str, Any]
    record: Enterprise


@dataclass(kw_only=True)
class Statements:
    """What the rows of one file have said so far, by credit code; `organisations` are the departments."""

    reader: RowReader
    organisation_id: str
    organisations: Mapping[str, OrganisationState]
    now: datetime
    made: dict[str, Statement] = field(default_factory=dict)
    _agreed: set[tuple[Any, ...]] = field(default_factory=set)
    _codes: set[str] = field(default_factory=set)
    _named: dict[str, int] = field(default_factory=dict)
    """The line in which each name came first."""

    def hear(self, row: SheetRow, found: dict[str, Enterprise]) -> None:
        """Compare what a row says of its enterprise with the record, or take it as its first statement.

        `found` are those on record, by credit code; what was stated is added to them.
        """
        code = normalise(row.values.get("uscc", ""))
        if not code:
            return
        self._tell_shared_name(row, code)
        first = self.made.get(code)
        if first is None and code in found:
            self._compare(row, found[code], "enterprise_differs", None)
            return
        if first is None:
            stated = self._state(row)
            if stated is None:
                return
            made = enterprise_row(stated, self.organisation_id, self.now)
            first = self.made[code] = Statement(row.line, made, Enterprise(**made))
        elif first.line != row.line:
            self._compare(row, first.record, "enterprise_stated_twice", str(first.line))
        found.setdefault(code, first.record)

    def _tell_shared_name(self, row: SheetRow, code: str) -> None:
        """Tell at the first row of an enterprise that another one has the same name."""
        name = row.values.get("enterprise_name")
        if name is None or code in self._codes or check_uscc(code).faults:
            return
        self._codes.add(code)
        first = self._named.setdefault("".join(name.split()).translate(_HALF), row.line)
        if first != row.line:
            expected = str(first)
            row.findings.append(
                self.reader.at(row, "enterprise_name", "enterprise_name_shared", expected=expected)
            )

    def forget_comparisons(self) -> None:
        """Compare anew from here: others may have changed a record meanwhile."""
        self._agreed.clear()

    def _state(self, row: SheetRow) -> Stated | None:
        if faults := check_uscc(row.values["uscc"]).faults:
            row.findings.extend(self.reader.at(row, "uscc", fault) for fault in faults)
            return None
        item = self._item(row)
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

    def _item(self, row: SheetRow) -> ProposeEnterprise | None:
        """Read what a row says of an enterprise that is on no record; for None the findings say why."""
        values = row.values
        home = values.get("department", self.reader.home_department)
        if home is None:
            row.findings.append(self.reader.at(row, "department", "department_missing"))
        if "industry_code" not in values:
            row.findings.append(self.reader.at(row, "industry_code", "value_missing"))
        if row.in_error:
            return None
        tier = {
            name: values.get(f"tier_{name}") for name in ("number", "recognised_on", "expires_on", "edition")
        }
        asked = {
            "uscc": values["uscc"],
            "name": values["enterprise_name"],
            "department_id": home,
            **{
                name: values.get(name) for name in ("industry_code", "employees", "revenue_wan", "assets_wan")
            },
            "tier": {"code": values["tier"], **tier} if "tier" in values else None,
        }
        try:
            return ProposeEnterprise.model_validate(asked)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_context=False, include_input=False):
                key = _column_of_enterprise(one["loc"])
                row.findings.append(self.reader.at(row, key, "text_refused"))
            return None

    def _of_industry(self, row: SheetRow) -> str:
        """Tell a code that lost its first zero (A01 is written 01 in a sheet) from one that is none."""
        code = row.values["industry_code"]
        return "leading_zeros_lost" if code.isdecimal() and f"0{code}" in industries() else "industry_unknown"

    def _compare(self, row: SheetRow, record: Enterprise, code: str, expected: str | None) -> None:
        told = (record.uscc, *map(row.values.get, _TOLD))
        if told in self._agreed:  # the colleagues of one enterprise say the same of it
            return
        on_record = _facts(record)
        differing = [
            key for key in _TOLD if key in row.values and _same_form(key, row.values[key]) != on_record[key]
        ]
        row.findings.extend(self.reader.at(row, key, code, expected=expected) for key in differing)
        if not differing:
            self._agreed.add(told)


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


def _column_of_enterprise(place: Sequence[str | int]) -> str:
    match [str(part) for part in place]:
        case ["tier", "code", *_] | ["tier"]:
            return "tier"
        case ["tier", part, *_]:
            return f"tier_{part}"
        case ["name", *_]:
            return "enterprise_name"
        case ["department_id", *_]:
            return "department"
        case [name, *_]:
            return name
        case _:
            return "uscc"
