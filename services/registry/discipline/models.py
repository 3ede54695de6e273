"""The table `discipline_incidents`."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.discipline.domain import RECORDED, IncidentStatus
from services.registry.tables import Row
from shared.ids import new_id


class DisciplineIncident(Row, kw_only=True):
    """An incident against a class or an organisation.

    `organisation_id` is whom it concerns: of a class the lead that it had when the incident was recorded,
    who keeps concerned whoever leads the class afterwards.
    """

    __tablename__ = "discipline_incidents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), index=True)
    revision: Mapped[int]
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    occurred_on: Mapped[date]
    decision_reference: Mapped[str] = mapped_column(String(200))
    status: Mapped[IncidentStatus] = mapped_column(String(16), default=RECORDED)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(64))
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(64), default=None)
    withdrawal_reason: Mapped[str | None] = mapped_column(Text, default=None)
    version: Mapped[int] = mapped_column(default=0)
