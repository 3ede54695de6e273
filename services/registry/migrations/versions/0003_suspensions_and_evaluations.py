"""Suspensions, what final rounds said of institutions, and one follower at most for each cycle."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judgements",
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_judgements_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisations.id"], name=op.f("fk_judgements_institution_id_organisations")
        ),
        sa.PrimaryKeyConstraint("evaluation_id", "institution_id", name=op.f("pk_judgements")),
    )
    with op.batch_alter_table("judgements", schema=None) as batch_op:
        batch_op.create_index(
            "ix_judgements_cycle_id_institution_id", ["cycle_id", "institution_id"], unique=False
        )

    op.create_table(
        "suspensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("institution_id", sa.String(length=36), nullable=False),
        sa.Column("evaluated_cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("evaluation_id", sa.String(length=36), nullable=False),
        sa.Column("ground", sa.String(length=16), nullable=False),
        sa.Column("total", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clause", database.Json(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("barred_cycle_id", sa.String(length=100), nullable=True),
        sa.Column("decided_at", database.Instant(), nullable=False),
        sa.Column("lifted_at", database.Instant(), nullable=True),
        sa.Column("lifted_by", sa.String(length=64), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["barred_cycle_id"], ["cycles.id"], name=op.f("fk_suspensions_barred_cycle_id_cycles")
        ),
        sa.ForeignKeyConstraint(
            ["evaluated_cycle_id"], ["cycles.id"], name=op.f("fk_suspensions_evaluated_cycle_id_cycles")
        ),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["organisations.id"], name=op.f("fk_suspensions_institution_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
        sa.UniqueConstraint(
            "evaluation_id", "institution_id", name=op.f("uq_suspensions_evaluation_id_institution_id")
        ),
    )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_suspensions_barred_cycle_id_institution_id",
            ["barred_cycle_id", "institution_id"],
            unique=False,
        )
        batch_op.create_index(
            "ix_suspensions_evaluated_cycle_id_institution_id",
            ["evaluated_cycle_id", "institution_id"],
            unique=False,
        )

    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.create_unique_constraint(batch_op.f("uq_cycles_follows"), ["follows"])

    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("evaluation_id", sa.String(length=36), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.drop_column("evaluation_id")

    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_cycles_follows"), type_="unique")

    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.drop_index("ix_suspensions_evaluated_cycle_id_institution_id")
        batch_op.drop_index("ix_suspensions_barred_cycle_id_institution_id")

    op.drop_table("suspensions")
    with op.batch_alter_table("judgements", schema=None) as batch_op:
        batch_op.drop_index("ix_judgements_cycle_id_institution_id")

    op.drop_table("judgements")
