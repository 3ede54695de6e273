"""The tables `classes`, `class_organisers`, `training_plans`, `plan_consents`: what is held, by whom, how.

`class_versions` keeps each version that was approved, `class_revisions` what was proposed to be the next.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.registry.classes.cancellation import CancellationCause
from services.registry.classes.domain import CO_ORGANISER, DRAFT, INSTITUTION, ClassStatus
from services.registry.classes.revisions import PENDING, RevisionStatus
from services.registry.tables import Row
from shared.ids import new_id

_IS_PENDING = text(f"status = '{PENDING}'")


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
    teaching_days: Mapped[list[str]] = mapped_column(default_factory=list)
    consenting_ids: Mapped[list[str]]
    planned_minutes: Mapped[int]
    min_attendance_percent: Mapped[int]
    min_minutes: Mapped[int]
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_by: Mapped[str | None] = mapped_column(String(64), default=None)


class PlanConsent(Row, kw_only=True):
    """That an organisation consented to the plan of a class by itself; gone when the plan changes (C32)."""

    __tablename__ = "plan_consents"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True, init=False)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    consented_at: Mapped[datetime]
    consented_by: Mapped[str] = mapped_column(String(64))


class Class(Row, kw_only=True):
    """`filed_by` is the organisation whose draft it is, `lead_id` the one that runs it.

    `number` is that of the version approved last, 0 before the first approval.
    """

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
    facets: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    status: Mapped[ClassStatus] = mapped_column(String(16), default=DRAFT)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    cancelled_for: Mapped[CancellationCause | None] = mapped_column(String(40), default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_by: Mapped[str | None] = mapped_column(String(64), default=None)
    coordinated_at: Mapped[datetime | None] = mapped_column(default=None)
    coordinated_by: Mapped[str | None] = mapped_column(String(64), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_by: Mapped[str | None] = mapped_column(String(64), default=None)
    approved_heads: Mapped[int] = mapped_column(default=0)
    number: Mapped[int] = mapped_column(default=0)
    pending_revision_id: Mapped[str | None] = mapped_column(String(36), default=None)
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

    consents: Mapped[list[PlanConsent]] = relationship(
        default_factory=list,
        lazy="selectin",
        order_by=PlanConsent.organisation_id,
        cascade="all, delete-orphan",
        repr=False,
    )

    @property
    def party_ids(self) -> set[str]:
        """Everybody with a part in the class: who filed it, leads it, teaches or joins in it."""
        return {self.filed_by, self.lead_id, *(row.organisation_id for row in self.organisers)}

    @property
    def institution_ids(self) -> list[str]:
        return [row.organisation_id for row in self.organisers if row.role == INSTITUTION]

    @property
    def co_organisers(self) -> list[ClassOrganiser]:
        return [row for row in self.organisers if row.role == CO_ORGANISER]


class ClassVersion(Row, kw_only=True):
    """A class as it was approved, never changed: `facts` and `plan` as they stood, the pack's `revision`."""

    __tablename__ = "class_versions"

    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]
    facts: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    approved_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(String(64))


class ClassRevision(Row, kw_only=True):
    """A proposed change of an approved class; at most one of a class is pending.

    `plan` is null where the plan stays; `changes` names what would be otherwise. `number` is that of the
    version which it became.
    """

    __tablename__ = "class_revisions"
    __table_args__ = (
        Index(
            "uq_class_revisions_pending",
            "class_id",
            unique=True,
            postgresql_where=_IS_PENDING,
            sqlite_where=_IS_PENDING,
        ),
        Index("ix_class_revisions_class_id_id", "class_id", "id"),
        Index("ix_class_revisions_cycle_id_id", "cycle_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    class_id: Mapped[str] = mapped_column(ForeignKey("classes.id"))
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"))
    revision: Mapped[int]
    status: Mapped[RevisionStatus] = mapped_column(String(16), default=PENDING)
    reason: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, Any]]
    plan: Mapped[dict[str, Any] | None]
    changes: Mapped[list[str]]
    asks_agreement: Mapped[bool]
    asks_coordination: Mapped[bool]
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[str] = mapped_column(String(64))
    agreed_at: Mapped[datetime | None] = mapped_column(default=None)
    agreed_by: Mapped[str | None] = mapped_column(String(64), default=None)
    coordinated_at: Mapped[datetime | None] = mapped_column(default=None)
    coordinated_by: Mapped[str | None] = mapped_column(String(64), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[str | None] = mapped_column(String(64), default=None)
    decision_reason: Mapped[str | None] = mapped_column(Text, default=None)
    number: Mapped[int | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    readers: Mapped[list["ClassRevisionReader"]] = relationship(
        default_factory=list, lazy="selectin", cascade="all, delete-orphan", repr=False
    )


class ClassRevisionReader(Row, kw_only=True):
    """An organisation that has or would have a part in the class, and so reads the revision."""

    __tablename__ = "class_revision_readers"

    revision_id: Mapped[str] = mapped_column(ForeignKey("class_revisions.id"), primary_key=True, init=False)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True, index=True)
