"""Nominations wait in turn: as they came, until somebody says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn", _NUMBER, nullable=True))
    nominations = sa.table("nominations", sa.column("number"), sa.column("turn"))
    op.execute(nominations.update().values(turn=nominations.c.number))
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.alter_column("turn", existing_type=_NUMBER, nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.drop_column("turn")
