"""Imports on the wire."""

from datetime import datetime

from pydantic import Field

from services.enrollment.findings import Severity
from services.enrollment.imports.domain import Mode, Outcome, Status
from shared.schemas import View


class CellFindingView(View):
    """What is wrong at a cell (`C12`); `value` is masked, `expected` says what the cell takes."""

    code: str
    cell: str
    column: str | None
    severity: Severity
    value: str | None
    expected: str | None
    fixed_by: str
    zh: str
    en: str


class CauseView(View):
    """A root cause: the same fault in the same column, how often, and its first cells."""

    code: str
    column: str | None
    severity: Severity
    count: int
    cells: list[str]
    fixed_by: str
    zh: str
    en: str


class ImportView(View):
    """An import; `lines_done` of `lines` are dealt with, `counts` tells what became of them by outcome."""

    id: str
    class_id: str
    mode: Mode
    status: Status
    format: str | None
    size: int
    sha256: str
    lines: int | None
    lines_done: int
    counts: dict[str, int]
    file_findings: list[CellFindingView]
    causes: list[CauseView]
    created_at: datetime
    ended_at: datetime | None
    version: int


class ImportRowView(View):
    """What became of one line of the file."""

    line: int = Field(examples=[12])
    outcome: Outcome
    nomination_id: str | None
    findings: list[CellFindingView]
