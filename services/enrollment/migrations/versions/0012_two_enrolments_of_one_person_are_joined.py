"""Of two enrolments of one person in one class one goes on, and the other one is merged."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BEFORE = sa.text("status <> 'withdrawn'")
_STANDS = sa.text("status NOT IN ('withdrawn', 'merged')")


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("merged_into_enrolment_id", sa.String(length=36), nullable=True))
    _index_standing(_STANDS)


def downgrade() -> None:
    _index_standing(_BEFORE)
    op.drop_column("enrolments", "merged_into_enrolment_id")


def _index_standing(stands: sa.TextClause) -> None:
    """Let a person stand once in a class; who is merged stands no more."""
    op.drop_index("uq_enrolments_standing", table_name="enrolments")
    op.create_index(
        "uq_enrolments_standing",
        "enrolments",
        ["class_id", "person_id"],
        unique=True,
        postgresql_where=stands,
        sqlite_where=stands,
    )
