"""The tables of enterprises: one row per unified social credit code, its versions, what others propose."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.guards import guard
from services.enrollment.tables import Row
from shared.ids import new_id

OPEN_PROPOSAL = text("status = 'open'")


class Enterprise(Row, kw_only=True):
    """An enterprise. Money is integer fen; `tier_*` is a title as recognised, never computed.

    `status` is confirmed once the home department itself has stated the record, else proposed.
    """

    __tablename__ = "enterprises"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    department_id: Mapped[str] = mapped_column(String(36), index=True)
    status: Mapped[str] = mapped_column(String(16))
    proposed_by: Mapped[str] = mapped_column(String(36), index=True)
    industry_code: Mapped[str] = mapped_column(String(5))
    industry_section: Mapped[str] = mapped_column(String(1))
    employees: Mapped[int | None] = mapped_column(default=None)
    revenue_fen: Mapped[int | None] = mapped_column(default=None)
    assets_fen: Mapped[int | None] = mapped_column(default=None)
    size_class: Mapped[str | None] = mapped_column(String(8), default=None)
    size_reason: Mapped[dict[str, Any]]
    tier_code: Mapped[str | None] = mapped_column(String(60), default=None)
    tier_number: Mapped[str | None] = mapped_column(String(80), default=None)
    tier_recognised_on: Mapped[date | None] = mapped_column(default=None)
    tier_expires_on: Mapped[date | None] = mapped_column(default=None)
    tier_edition: Mapped[str | None] = mapped_column(String(80), default=None)
    remarks: Mapped[list[str]]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class EnterpriseVersion(Row, kw_only=True):
    """A record as it was stated, title and figures included; it only grows."""

    __tablename__ = "enterprise_versions"

    enterprise_id: Mapped[str] = mapped_column(String(36), ForeignKey("enterprises.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    record: Mapped[dict[str, Any]]
    stated_by: Mapped[str] = mapped_column(String(36))
    stated_at: Mapped[datetime]


class EnterpriseProposal(Row, kw_only=True):
    """What somebody else than the home department says of a record: open, accepted or refused.

    Of one proposer one proposal is open (partial unique index); the newest statement is the one.
    """

    __tablename__ = "enterprise_proposals"
    __table_args__ = (
        Index(
            "uq_enterprise_proposals_open",
            "enterprise_id",
            "proposed_by",
            unique=True,
            postgresql_where=OPEN_PROPOSAL,
            sqlite_where=OPEN_PROPOSAL,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    enterprise_id: Mapped[str] = mapped_column(String(36), ForeignKey("enterprises.id"))
    proposed_by: Mapped[str] = mapped_column(String(36), index=True)
    principal: Mapped[str] = mapped_column(String(100))
    statement: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(8), default="open")
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[str | None] = mapped_column(String(100), default=None)
    decided_for: Mapped[str | None] = mapped_column(String(36), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)


guard(Row.metadata, "enterprise_versions")
