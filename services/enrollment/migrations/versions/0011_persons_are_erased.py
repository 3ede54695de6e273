"""Persons are erased: of who was, nothing is left that says who it was."""

import sqlalchemy as sa
from alembic import op

from services.enrollment.guards import statements_of
from services.enrollment.rosters.guards import STATEMENTS
from shared import database

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IDENTIFYING = ("number_index", "number_sealed", "name_sealed")
_ERASED_OR_WHOLE = (
    "erased_at is null and number_index is not null and number_sealed is not null "
    "and name_sealed is not null "
    "or erased_at is not null and number_index is null and number_sealed is null and name_sealed is null "
    "and phone_sealed is null and issuer is null and name_index is null and name_phone_index is null "
    "and name_birth_index is null"
)


def upgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", database.Instant(), nullable=True))
        for name in _IDENTIFYING:
            batch_op.alter_column(name, existing_type=sa.LargeBinary(), nullable=True)
        batch_op.create_check_constraint(batch_op.f("ck_persons_erased_or_whole"), _ERASED_OR_WHOLE)

    op.create_table(
        "person_erasures",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("person_ids", database.Json(), nullable=False),
        sa.Column("cause", sa.String(length=9), nullable=False),
        sa.Column("asked_by", sa.String(length=14), nullable=True),
        sa.Column("channel", sa.String(length=24), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("rule", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("principal", sa.String(length=100), nullable=True),
        sa.Column("erased_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_person_erasures_person_id_persons")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_erasures")),
        sa.UniqueConstraint("person_id", name=op.f("uq_person_erasures_person_id")),
    )
    for statement in statements_of("person_erasures")[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
    # PostgreSQL replaces its functions and triggers; SQLite keeps a trigger that is there.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(sa.text("drop trigger roster_rows_final"))
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    """Go back, as long as nobody was erased: what is gone cannot be made to be there again."""
    op.drop_table("person_erasures")
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_persons_erased_or_whole"), type_="check")
        for name in _IDENTIFYING:
            batch_op.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_column("erased_at")
