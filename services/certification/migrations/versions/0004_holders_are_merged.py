"""Which ids are one holder."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holder_merges",
        sa.Column("merge_id", sa.String(length=36), nullable=False),
        sa.Column("survivor_id", sa.String(length=36), nullable=False),
        sa.Column("retired_id", sa.String(length=36), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("merge_id", name=op.f("pk_holder_merges")),
    )
    with op.batch_alter_table("holder_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_holder_merges_retired_id"), ["retired_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_holder_merges_survivor_id"), ["survivor_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("holder_merges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_holder_merges_survivor_id"))
        batch_op.drop_index(batch_op.f("ix_holder_merges_retired_id"))

    op.drop_table("holder_merges")
