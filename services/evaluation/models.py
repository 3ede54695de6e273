"""The tables of evaluation. Scores and totals are integer hundredths; nothing names a trainee.

A round keeps what it is judged by as it was when the round was opened: scale, rules and indicators.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.evaluation.domain import Ground, RoundStatus
from services.evaluation.tables import Row
from shared.ids import new_id

_UNFINISHED = text("status <> 'final'")


class Round(Row, kw_only=True):
    """A round of a cycle. `suspension` is the pack's rule, None where nobody is suspended."""

    __tablename__ = "rounds"
    __table_args__ = (
        UniqueConstraint("cycle_id", "number"),
        Index(
            "uq_rounds_unfinished",
            "cycle_id",
            unique=True,
            postgresql_where=_UNFINISHED,
            sqlite_where=_UNFINISHED,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    number: Mapped[int]
    status: Mapped[RoundStatus] = mapped_column(String(16), default="open")
    top_score: Mapped[int]
    decimals: Mapped[int]
    suspension: Mapped[dict[str, Any] | None]
    scheme: Mapped[str] = mapped_column(String(64))
    indicators: Mapped[list[dict[str, Any]]]
    conflict_ids: Mapped[list[str]]
    institutions: Mapped[int]
    scored: Mapped[int] = mapped_column(default=0)
    undecided_ids: Mapped[list[str]] = mapped_column(default_factory=list)
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(100))
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[str | None] = mapped_column(String(100), default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[str | None] = mapped_column(String(100), default=None)
    tie_decided_at: Mapped[datetime | None] = mapped_column(default=None)
    tie_decided_by: Mapped[str | None] = mapped_column(String(100), default=None)
    tie_reason: Mapped[str | None] = mapped_column(Text, default=None)
    finalised_at: Mapped[datetime | None] = mapped_column(default=None)
    finalised_by: Mapped[str | None] = mapped_column(String(100), default=None)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def undecided(self) -> int:
        return len(self.undecided_ids)


class EvaluatedBody(Row, kw_only=True):
    """An organisation that a round is about: an institution, or a member body for which it stands (Q5)."""

    __tablename__ = "evaluated_bodies"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    institution_id: Mapped[str] = mapped_column(String(36))


class Assignment(Row, kw_only=True):
    """An evaluator of a round, its days, and the links that it declared (C38, Q12)."""

    __tablename__ = "assignments"
    __table_args__ = (UniqueConstraint("round_id", "evaluator_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    cycle_id: Mapped[str] = mapped_column(String(100))
    evaluator_id: Mapped[str] = mapped_column(String(36), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    interests: Mapped[list[str]]
    assigned_at: Mapped[datetime]
    assigned_by: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(default=1)


class Result(Row, kw_only=True):
    """What one institution came to in a round; `ground` says by what it is suspended."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("round_id", "institution_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    cycle_id: Mapped[str] = mapped_column(String(100))
    institution_id: Mapped[str] = mapped_column(String(36), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None] = mapped_column(default=None)
    rank: Mapped[int | None] = mapped_column(default=None)
    ground: Mapped[Ground | None] = mapped_column(String(16), default=None)
    clause: Mapped[list[str]] = mapped_column(default_factory=list)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def suspended(self) -> bool:
        return self.ground is not None


class Attempt(Row, kw_only=True):
    """One sheet of an institution. Attempts are only added; the latest counts."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("result_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    result_id: Mapped[str] = mapped_column(ForeignKey("results.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    number: Mapped[int]
    assignment_id: Mapped[str] = mapped_column(ForeignKey("assignments.id"))
    total: Mapped[int]
    sheet: Mapped[list[dict[str, Any]]]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[str] = mapped_column(String(100))
