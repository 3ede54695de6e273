"""An enrolment that goes on as another one takes no seat."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seats_taken", sa.Column("merges", database.BigId, nullable=False, server_default="0"))
    with op.batch_alter_table("seats_taken", schema=None) as batch_op:
        batch_op.alter_column("merges", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("seats_taken", schema=None) as batch_op:
        batch_op.drop_column("merges")
