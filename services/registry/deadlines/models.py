"""The tables of the ledger: `deadlines`, their `deadline_extensions`, whom these name, and `deadline_notes`.

An extension and a note are written once and never changed.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.tables import Row
from shared.ids import new_id


class Deadline(Row, kw_only=True):
    """A deadline of a cycle. `planned_at` is the pack's own; `extensions` counts what puts it off."""

    __tablename__ = "deadlines"
    __table_args__ = (UniqueConstraint("cycle_id", "code"),)

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    code: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    clause: Mapped[list[str]]
    until: Mapped[date]
    zone: Mapped[str] = mapped_column(String(40))
    planned_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    extensions: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)


class DeadlineExtension(Row, kw_only=True):
    """Until when a deadline is put off; `until` is null where an instant was asked for, not a day."""

    __tablename__ = "deadline_extensions"
    __table_args__ = (UniqueConstraint("deadline_id", "number"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadlines.id"))
    number: Mapped[int]
    revision: Mapped[int]
    until: Mapped[date | None]
    closes_at: Mapped[datetime]
    for_all: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    given_by: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    principal: Mapped[str] = mapped_column(String(64))


class ExtendedOrganisation(Row, kw_only=True):
    """One of those for whom an extension holds that is not for all."""

    __tablename__ = "extended_organisations"

    extension_id: Mapped[str] = mapped_column(ForeignKey("deadline_extensions.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)


class DeadlineNote(Row, kw_only=True):
    """That a sweep found an instant near, or passed; once, as its key is what it says."""

    __tablename__ = "deadline_notes"

    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadlines.id"), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    noted_at: Mapped[datetime]
