"""The table of enterprises. One row per unified social credit code, whoever proposed it first."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id


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
