"""The table `full_views`: each time that a person was shown in full, by whom and why. It only grows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.guards import guard
from services.enrollment.tables import Row
from shared.ids import new_id


class FullView(Row, kw_only=True):
    """`principal` acted for the organisation; `fields` are what was shown."""

    __tablename__ = "full_views"
    __table_args__ = (Index(None, "organisation_id", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(100))
    purpose: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]]
    viewed_at: Mapped[datetime]


guard(Row.metadata, "full_views")
