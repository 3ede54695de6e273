"""The tables `organisations`, `organisation_links`, `offices` and `office_holders`.

Indexes are the truth about what is unique.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.organisations.domain import SOLE_KINDS
from services.registry.tables import Row
from shared.ids import new_id

_SOLE = text(f"kind IN ({', '.join(repr(kind) for kind in sorted(SOLE_KINDS))})")
_CODED = text("code IS NOT NULL")
_OPEN = text("ends_on IS NULL")


class Organisation(Row, kw_only=True):
    __tablename__ = "organisations"
    __table_args__ = (
        UniqueConstraint("kind", "name_zh"),
        Index("uq_organisations_code", "code", unique=True, postgresql_where=_CODED, sqlite_where=_CODED),
        Index("uq_organisations_sole_kind", "kind", unique=True, postgresql_where=_SOLE, sqlite_where=_SOLE),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    kind: Mapped[str] = mapped_column(String(64))
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    code: Mapped[str | None] = mapped_column(String(6), default=None)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True, default=None)
    version: Mapped[int] = mapped_column(default=1)
    registered_at: Mapped[datetime]


class OrganisationLink(Row, kw_only=True):
    """That two organisations are linked, from day to day inclusive; it is stated with `organisation_id`."""

    __tablename__ = "organisation_links"
    __table_args__ = (
        Index(
            "uq_organisation_links_open",
            "organisation_id",
            "linked_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    linked_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    end_reason: Mapped[str | None] = mapped_column(Text, default=None)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(64))
    ended_by: Mapped[str | None] = mapped_column(String(64), default=None)


class Office(Row, kw_only=True):
    __tablename__ = "offices"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name_zh: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    host_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    registered_at: Mapped[datetime]


class OfficeHolder(Row, kw_only=True):
    """Who holds a seat of an office, from day to day inclusive; the office's row is locked to change one."""

    __tablename__ = "office_holders"
    __table_args__ = (Index("ix_office_holders_office_id_seat", "office_id", "seat"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    office_id: Mapped[str] = mapped_column(ForeignKey("offices.id"))
    seat: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    entered_at: Mapped[datetime]
    entered_by: Mapped[str] = mapped_column(String(64))
