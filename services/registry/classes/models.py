"""The tables `classes`, `class_organisers`, `training_plans`: what is held, by whom, to which plan."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registry.classes.domain import CO_ORGANISER, DRAFT, INSTITUTION, ClassStatus
from services.registry.tables import Row
from shared.ids import new_id


class ClassOrganiser(Row, kw_only=True):
    """The role of an organisation in one class; `kind` is the co-organiser's, as the pack types it (C16)."""

    __tablename__ = "class_organisers"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True, init=False)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int]
    kind: Mapped[str | None] = mapped_column(String(64), default=None)


class TrainingPlan(Row, kw_only=True):
    """The plan of one class; replaced as a whole until it is filed, then fixed."""

    __tablename__ = "training_plans"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True, init=False)
    courses: Mapped[list[dict[str, Any]]]
    base_visits: Mapped[list[dict[str, Any]]]
    budget_heads: Mapped[list[dict[str, Any]]]
    consenting_ids: Mapped[list[str]]
    planned_minutes: Mapped[int]
    min_attendance_percent: Mapped[int]
    min_minutes: Mapped[int]
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_by: Mapped[str | None] = mapped_column(String(64), default=None)


class Class(Row, kw_only=True):
    """`filed_by` is the organisation whose draft it is, `lead_id` the one that runs it."""

    __tablename__ = "classes"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates_in_order"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        Index("ix_classes_cycle_id_id", "cycle_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    arrangement: Mapped[str] = mapped_column(String(64))
    special_topic: Mapped[str | None] = mapped_column(String(64), default=None)
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200), default=None)
    filed_by: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    place_department_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    capacity: Mapped[int]
    status: Mapped[ClassStatus] = mapped_column(String(16), default=DRAFT)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    coordinated_at: Mapped[datetime | None] = mapped_column(default=None)
    coordinated_by: Mapped[str | None] = mapped_column(String(64), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_by: Mapped[str | None] = mapped_column(String(64), default=None)
    approved_heads: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[str] = mapped_column(String(64))

    organisers: Mapped[list[ClassOrganiser]] = relationship(
        default_factory=list,
        lazy="selectin",
        order_by=ClassOrganiser.position,
        cascade="all, delete-orphan",
        repr=False,
    )

    plan: Mapped[TrainingPlan | None] = relationship(
        default=None, lazy="selectin", cascade="all, delete-orphan", repr=False
    )

    @property
    def institution_ids(self) -> list[str]:
        return [row.organisation_id for row in self.organisers if row.role == INSTITUTION]

    @property
    def co_organisers(self) -> list[ClassOrganiser]:
        return [row for row in self.organisers if row.role == CO_ORGANISER]

    @property
    def party_ids(self) -> frozenset[str]:
        """Name who has a part in the class: who files it, leads it, teaches in it or co-organises it."""
        return frozenset({self.filed_by, self.lead_id, *(row.organisation_id for row in self.organisers)})
