"""Ledgers of the money of classes, whose entries the database itself keeps from being changed."""

import sqlalchemy as sa
from alembic import op

from services.registry.ledgers.guards import STATEMENTS
from shared import database

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

_INTEGER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "fund_ledgers",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", _INTEGER, nullable=False),
        sa.Column("reader_ids", database.Json(), nullable=False),
        sa.Column("entries", _INTEGER, nullable=False),
        sa.Column("version", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(["id"], ["classes.id"], name=op.f("fk_fund_ledgers_id_classes")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_fund_ledgers_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_ledgers")),
    )
    with op.batch_alter_table("fund_ledgers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fund_ledgers_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "fund_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("ledger_id", sa.String(length=36), nullable=False),
        sa.Column("number", _INTEGER, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("amount_fen", _INTEGER, nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("head", sa.String(length=200), nullable=True),
        sa.Column("persons", _INTEGER, nullable=True),
        sa.Column("days", _INTEGER, nullable=True),
        sa.Column("class_hours", _INTEGER, nullable=True),
        sa.Column("exceeded", database.Json(), nullable=False),
        sa.Column("justification", sa.Text(), nullable=True),
        sa.Column("reverses_id", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("revision", _INTEGER, nullable=False),
        sa.Column("posted_at", database.Instant(), nullable=False),
        sa.Column("posted_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_fund_entries_amount_positive")),
        sa.CheckConstraint("kind in ('funding', 'expense')", name=op.f("ck_fund_entries_kind_known")),
        sa.ForeignKeyConstraint(
            ["ledger_id"], ["fund_ledgers.id"], name=op.f("fk_fund_entries_ledger_id_fund_ledgers")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["fund_entries.id"], name=op.f("fk_fund_entries_reverses_id_fund_entries")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_entries")),
        sa.UniqueConstraint("ledger_id", "number", name=op.f("uq_fund_entries_ledger_id_number")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_fund_entries_reverses_id")),
    )
    # Written by hand: triggers are no part of the metadata that Alembic compares.
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    op.drop_table("fund_entries")
    with op.batch_alter_table("fund_ledgers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_ledgers_cycle_id"))

    op.drop_table("fund_ledgers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("drop function keep_fund_entry"))
