"""Plans of departments, allotted seats, and who sits where."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "department_plans",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", database.BigId, nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("kinds", database.Json(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", database.BigId, nullable=False),
        sa.Column("put_at", database.Instant(), nullable=False),
        sa.Column("put_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_department_plans_cycle_id_cycles")
        ),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisations.id"],
            name=op.f("fk_department_plans_department_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department_plans")),
        sa.UniqueConstraint(
            "cycle_id", "department_id", name=op.f("uq_department_plans_cycle_id_department_id")
        ),
    )
    op.create_index(op.f("ix_department_plans_department_id"), "department_plans", ["department_id"])
    op.create_table(
        "seat_allotments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", database.BigId, nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.String(length=36), nullable=True),
        sa.Column("class_id", sa.String(length=36), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("seats", database.BigId, nullable=False),
        sa.Column("version", database.BigId, nullable=False),
        sa.Column("allotted_at", database.Instant(), nullable=False),
        sa.Column("allotted_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_seat_allotments_seats_not_negative")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_seat_allotments_class_id_classes")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_seat_allotments_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisations.id"],
            name=op.f("fk_seat_allotments_department_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["organisations.id"],
            name=op.f("fk_seat_allotments_institution_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_allotments")),
        sa.UniqueConstraint(
            "cycle_id",
            "department_id",
            "place",
            name=op.f("uq_seat_allotments_cycle_id_department_id_place"),
        ),
    )
    for column in ("class_id", "department_id", "institution_id"):
        op.create_index(op.f(f"ix_seat_allotments_{column}"), "seat_allotments", [column])
    op.create_table(
        "seats_taken",
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=True),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_seats_taken")),
    )
    op.create_index("ix_seats_taken_department_id_class_id", "seats_taken", ["department_id", "class_id"])


def downgrade() -> None:
    for table in ("seats_taken", "seat_allotments", "department_plans"):
        op.drop_table(table)
