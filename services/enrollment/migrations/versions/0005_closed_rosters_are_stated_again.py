"""The version of a closed roster may rise: it is stated again when others may see it."""

import sqlalchemy as sa
from alembic import op

from services.enrollment.rosters.guards import STATEMENTS

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # PostgreSQL replaces its triggers; SQLite keeps one that is there.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("drop trigger rosters_final"))
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    # The guard of before refuses more than this one: nothing that was kept needs it back.
    pass
