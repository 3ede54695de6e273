"""The table `person_erasures`: that a person was erased, when, and at whose word. It only grows.

It says nothing of who the person was: why somebody asked is a code, never a text.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.guards import guard
from services.enrollment.tables import Row
from shared.ids import new_id


class PersonErasure(Row, kw_only=True):
    """`cause` is request or retention; `person_ids` are all ids of the person. By the clock nobody asked."""

    __tablename__ = "person_erasures"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), unique=True)
    person_ids: Mapped[list[str]]
    cause: Mapped[Literal["request", "retention"]] = mapped_column(String(9))
    asked_by: Mapped[str | None] = mapped_column(String(14), default=None)
    channel: Mapped[str | None] = mapped_column(String(24), default=None)
    reason: Mapped[str | None] = mapped_column(String(40), default=None)
    rule: Mapped[str] = mapped_column(String(16))
    organisation_id: Mapped[str | None] = mapped_column(String(36), default=None)
    principal: Mapped[str | None] = mapped_column(String(100), default=None)
    erased_at: Mapped[datetime]


guard(Row.metadata, "person_erasures")
