"""The table `nominations`: one row per person and class, with what was true of the enterprise then.

`number` is the place in the class in order of arrival; `turn` begins as that number, and who runs the class
may deal the turns of those who wait among them anew. `credits` keeps who put the person forward,
by channel: both may, each once (C34). `status` is nominated, or merged once another nomination of the same
person took over the credit; `compared` notes that duplicates of the person were looked for.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id

_TO_COMPARE = text("NOT compared")


def _as_it_came(context: DefaultExecutionContext) -> int:
    number: int = context.get_current_parameters()["number"]
    return number


class Nomination(Row, kw_only=True):
    __tablename__ = "nominations"
    __table_args__ = (
        UniqueConstraint("class_id", "person_id"),
        UniqueConstraint("class_id", "number"),
        Index("ix_nominations_cycle_id_department_id", "cycle_id", "department_id"),
        Index("ix_nominations_to_compare", "id", postgresql_where=_TO_COMPARE, sqlite_where=_TO_COMPARE),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(String(100))
    revision: Mapped[int]
    class_id: Mapped[str] = mapped_column(String(36))
    number: Mapped[int]
    turn: Mapped[int] = mapped_column(init=False, insert_default=_as_it_came)
    person_id: Mapped[str] = mapped_column(String(36), index=True)
    enterprise_id: Mapped[str] = mapped_column(String(36), index=True)
    post: Mapped[str] = mapped_column(String(200))
    target_group: Mapped[str] = mapped_column(String(64))
    evidence: Mapped[dict[str, Any]]
    declarations: Mapped[list[str]]
    credits: Mapped[dict[str, Any]]
    findings: Mapped[list[dict[str, Any]]]
    second_enrolment_reason: Mapped[str | None] = mapped_column(Text, default=None)

    department_id: Mapped[str] = mapped_column(String(36))
    industry_code: Mapped[str] = mapped_column(String(8))
    industry_section: Mapped[str | None] = mapped_column(String(1), default=None)
    size_class: Mapped[str | None] = mapped_column(String(16), default=None)
    tier: Mapped[str | None] = mapped_column(String(60), default=None)

    status: Mapped[str] = mapped_column(String(16), default="nominated")
    compared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    nominated_at: Mapped[datetime]
