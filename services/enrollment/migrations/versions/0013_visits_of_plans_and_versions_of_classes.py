"""Sessions name the visit of the plan that they carry out; what classes were is kept."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("planned_visit", database.BigId, nullable=True))
    op.add_column("sessions", sa.Column("visit_host", sa.String(length=200), nullable=True))
    op.create_table(
        "class_versions",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("version", database.BigId, autoincrement=False, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("number", database.BigId, nullable=False),
        sa.Column("pending_revision_id", sa.String(length=36), nullable=True),
        sa.Column("at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("class_id", "version", name=op.f("pk_class_versions")),
    )


def downgrade() -> None:
    op.drop_table("class_versions")
    op.drop_column("sessions", "visit_host")
    op.drop_column("sessions", "planned_visit")
