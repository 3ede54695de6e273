"""The tables of imports: the import itself, its file in sealed parts, and what became of each row.

Nothing of a person stands here in the clear: parts are sealed, and the values of findings are masked.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.imports.domain import Mode, Outcome, Status
from services.enrollment.tables import Row
from shared.ids import new_id

CONTENT = "import_parts.content"
"""The column as the seals know it."""


class Import(Row, kw_only=True):
    """`next_line` is the first line that is not dealt with; `causes` counts findings by root cause.

    `asked_at` is the time by which rows are judged, the same after a crash; `attempts` counts defects.
    """

    __tablename__ = "imports"
    __table_args__ = (Index("ix_imports_organisation_id_id", "organisation_id", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    class_id: Mapped[str] = mapped_column(String(36), index=True)
    organisation_id: Mapped[str] = mapped_column(String(36))
    organisation_kind: Mapped[str] = mapped_column(String(40))
    principal: Mapped[str] = mapped_column(String(100))
    mode: Mapped[Mode] = mapped_column(String(8))
    commits: Mapped[bool]
    status: Mapped[Status] = mapped_column(String(12), index=True)
    format: Mapped[str | None] = mapped_column(String(4), default=None)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    lines: Mapped[int | None] = mapped_column(default=None)
    next_line: Mapped[int] = mapped_column(default=1)
    counts: Mapped[dict[str, int]] = mapped_column(default_factory=dict)
    causes: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    file_findings: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    version: Mapped[int] = mapped_column(default=1)


class ImportPart(Row, kw_only=True):
    __tablename__ = "import_parts"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Row, kw_only=True):
    """What became of a line of the file; `findings` is null where there is nothing to say."""

    __tablename__ = "import_rows"

    import_id: Mapped[str] = mapped_column(ForeignKey("imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome] = mapped_column(String(9))
    nomination_id: Mapped[str | None] = mapped_column(String(36), default=None)
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(default=None)
