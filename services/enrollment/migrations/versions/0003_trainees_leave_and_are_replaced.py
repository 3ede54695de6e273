"""Trainees leave and are replaced."""

import sqlalchemy as sa
from alembic import op

from services.enrollment.rosters.guards import STATEMENTS
from shared import database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_enrolment_id", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_at", database.Instant(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_by", sa.String(length=100), nullable=True))
        batch_op.add_column(sa.Column("withdrawal_reason", sa.Text(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_enrolments_replaces_enrolment_id"), ["replaces_enrolment_id"], unique=True
        )

    with op.batch_alter_table("roster_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_enrolment_id", sa.String(length=36), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_roster_rows_replaces_enrolment_id"), ["replaces_enrolment_id"], unique=False
        )
    _guard()


def downgrade() -> None:
    with op.batch_alter_table("roster_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_rows_replaces_enrolment_id"))
        batch_op.drop_column("replaces_enrolment_id")

    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolments_replaces_enrolment_id"))
        batch_op.drop_column("withdrawal_reason")
        batch_op.drop_column("withdrawn_by")
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("replaces_enrolment_id")
    _guard()


def _guard() -> None:
    # SQLite may have made the rows of rosters anew, without their triggers.
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
