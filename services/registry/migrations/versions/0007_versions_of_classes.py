"""Versions of classes that were approved, and revisions that are proposed to be the next."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_PENDING = sa.text("status = 'pending'")

_FACTS = (
    "title_zh",
    "title_en",
    "lead_id",
    "place_department_id",
    "capacity",
    "kind",
    "arrangement",
    "special_topic",
)
_DAYS = ("starts_on", "ends_on")
_PLAN_DOCUMENTS = ("courses", "base_visits", "budget_heads", "teaching_days", "consenting_ids")
_PLAN_NUMBERS = ("planned_minutes", "min_attendance_percent", "min_minutes")

_classes = sa.table(
    "classes",
    *(sa.column(name) for name in ("id", "revision", "approved_by", "number", *_FACTS)),
    *(sa.column(name, sa.Date()) for name in _DAYS),
    sa.column("approved_at", database.Instant()),
)
_organisers = sa.table(
    "class_organisers",
    *(sa.column(name) for name in ("class_id", "organisation_id", "role", "position", "kind")),
)
_plans = sa.table(
    "training_plans",
    sa.column("class_id"),
    *(sa.column(name, database.Json()) for name in _PLAN_DOCUMENTS),
    *(sa.column(name) for name in _PLAN_NUMBERS),
)
_versions = sa.table(
    "class_versions",
    *(sa.column(name) for name in ("class_id", "number", "revision", "approved_by")),
    sa.column("facts", database.Json()),
    sa.column("plan", database.Json()),
    sa.column("approved_at", database.Instant()),
)


def upgrade() -> None:
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", _BIG, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pending_revision_id", sa.String(length=36), nullable=True))
        batch_op.add_column(
            sa.Column("facets", database.Json(), nullable=False, server_default=sa.text("'{}'"))
        )
        batch_op.add_column(sa.Column("cancelled_for", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", database.Instant(), nullable=True))
        batch_op.add_column(sa.Column("cancelled_by", sa.String(length=64), nullable=True))
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.alter_column("number", server_default=None)
        batch_op.alter_column("facets", server_default=None)
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("teaching_days", database.Json(), nullable=False, server_default=sa.text("'[]'"))
        )
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.alter_column("teaching_days", server_default=None)
    _create_consents()
    _create_versions()
    _create_revisions()
    _keep_what_is_approved()


def _create_consents() -> None:
    op.create_table(
        "plan_consents",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("consented_at", database.Instant(), nullable=False),
        sa.Column("consented_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_plan_consents_class_id_classes")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_plan_consents_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("class_id", "organisation_id", name=op.f("pk_plan_consents")),
    )


def _create_versions() -> None:
    op.create_table(
        "class_versions",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("number", _BIG, autoincrement=False, nullable=False),
        sa.Column("revision", _BIG, nullable=False),
        sa.Column("facts", database.Json(), nullable=False),
        sa.Column("plan", database.Json(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("approved_at", database.Instant(), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_class_versions_class_id_classes")
        ),
        sa.PrimaryKeyConstraint("class_id", "number", name=op.f("pk_class_versions")),
    )


def _create_revisions() -> None:
    op.create_table(
        "class_revisions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", _BIG, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("facts", database.Json(), nullable=False),
        sa.Column("plan", database.Json(), nullable=True),
        sa.Column("changes", database.Json(), nullable=False),
        sa.Column("asks_agreement", sa.Boolean(), nullable=False),
        sa.Column("asks_coordination", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("proposed_at", database.Instant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("agreed_at", database.Instant(), nullable=True),
        sa.Column("agreed_by", sa.String(length=64), nullable=True),
        sa.Column("coordinated_at", database.Instant(), nullable=True),
        sa.Column("coordinated_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", database.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("number", _BIG, nullable=True),
        sa.Column("version", _BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_class_revisions_class_id_classes")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_class_revisions_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_class_revisions_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_revisions")),
    )
    with op.batch_alter_table("class_revisions", schema=None) as batch_op:
        batch_op.create_index("ix_class_revisions_class_id_id", ["class_id", "id"], unique=False)
        batch_op.create_index("ix_class_revisions_cycle_id_id", ["cycle_id", "id"], unique=False)
        batch_op.create_index(
            "uq_class_revisions_pending",
            ["class_id"],
            unique=True,
            postgresql_where=_IS_PENDING,
            sqlite_where=_IS_PENDING,
        )

    op.create_table(
        "class_revision_readers",
        sa.Column("revision_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_class_revision_readers_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["class_revisions.id"],
            name=op.f("fk_class_revision_readers_revision_id_class_revisions"),
        ),
        sa.PrimaryKeyConstraint("revision_id", "organisation_id", name=op.f("pk_class_revision_readers")),
    )
    with op.batch_alter_table("class_revision_readers", schema=None) as batch_op:
        batch_op.create_index(
            op.f("ix_class_revision_readers_organisation_id"), ["organisation_id"], unique=False
        )


def _keep_what_is_approved() -> None:
    """Make a first version of every class that stands approved; of what was before, nothing is known."""
    connection = op.get_bind()
    approved = sa.select(_classes).where(_classes.c.approved_at.is_not(None)).order_by(_classes.c.id)
    rows = connection.execute(approved).mappings().all()
    if not rows:
        return
    ids = [row["id"] for row in rows]
    connection.execute(_classes.update().where(_classes.c.approved_at.is_not(None)).values(number=1))
    roles: dict[str, list[Any]] = {one: [] for one in ids}
    held = sa.select(_organisers).order_by(_organisers.c.class_id, _organisers.c.position)
    for organiser in connection.execute(held).mappings():
        roles.get(organiser["class_id"], []).append(organiser)
    plans = {plan["class_id"]: plan for plan in connection.execute(sa.select(_plans)).mappings()}
    connection.execute(
        _versions.insert(),
        [
            {
                "class_id": row["id"],
                "number": 1,
                "revision": row["revision"],
                "facts": _facts(row, roles[row["id"]]),
                "plan": _plan(plans.get(row["id"])),
                "approved_at": row["approved_at"],
                "approved_by": row["approved_by"],
            }
            for row in rows
        ],
    )


def _facts(row: Any, organisers: list[Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _FACTS},
        **{name: row[name].isoformat() for name in _DAYS},
        "facets": {},
        "institution_ids": [one["organisation_id"] for one in organisers if one["role"] == "institution"],
        "co_organisers": [
            {"organisation_id": one["organisation_id"], "kind": one["kind"]}
            for one in organisers
            if one["role"] == "co_organiser"
        ],
    }


def _plan(plan: Any) -> dict[str, Any] | None:
    names = (*_PLAN_DOCUMENTS, *_PLAN_NUMBERS)
    return None if plan is None else {**{name: plan[name] for name in names}, "consents": []}


def downgrade() -> None:
    op.drop_table("class_revision_readers")
    op.drop_table("class_revisions")
    op.drop_table("class_versions")
    op.drop_table("plan_consents")
    with op.batch_alter_table("training_plans", schema=None) as batch_op:
        batch_op.drop_column("teaching_days")
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.drop_column("cancelled_by")
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("cancelled_for")
        batch_op.drop_column("facets")
        batch_op.drop_column("pending_revision_id")
        batch_op.drop_column("number")
