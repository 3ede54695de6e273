"""Copies keep whom their state is for; an event may be for one service alone."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.add_column(sa.Column("audience", database.Json(), nullable=True))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("only_for", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("only_for")

    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.drop_column("audience")
