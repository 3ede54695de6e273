"""Ledgers, whose entries the database itself keeps; financial discipline; teaching bases; attachments."""

import sqlalchemy as sa
from alembic import op

from services.registry.ledgers.guards import STATEMENTS
from shared import database

revision = "0008"
down_revision = "0007"
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
    op.create_table(
        "discipline_incidents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", _INTEGER, nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("decision_reference", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.Column("withdrawn_at", database.Instant(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("version", _INTEGER, nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["cycles.id"], name=op.f("fk_discipline_incidents_cycle_id_cycles")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_discipline_incidents_class_id_classes")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_discipline_incidents_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discipline_incidents")),
    )
    with op.batch_alter_table("discipline_incidents", schema=None) as batch_op:
        for column in ("cycle_id", "class_id", "organisation_id"):
            batch_op.create_index(batch_op.f(f"ix_discipline_incidents_{column}"), [column], unique=False)

    op.create_table(
        "teaching_bases",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", _INTEGER, nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("special_topics", database.Json(), nullable=False),
        sa.Column("evidence", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("designated_at", database.Instant(), nullable=False),
        sa.Column("designated_by", sa.String(length=64), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("end_words", sa.Text(), nullable=True),
        sa.Column("ended_at", database.Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("version", _INTEGER, nullable=False),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_teaching_bases_validity_in_order")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_teaching_bases_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisations.id"],
            name=op.f("fk_teaching_bases_department_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teaching_bases")),
    )
    with op.batch_alter_table("teaching_bases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teaching_bases_department_id"), ["department_id"], unique=False)
        batch_op.create_index(
            "uq_teaching_bases_standing",
            ["cycle_id", "uscc"],
            unique=True,
            postgresql_where=sa.text("status = 'designated'"),
            sqlite_where=sa.text("status = 'designated'"),
        )

    op.create_table(
        "attachments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("owner_kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("size", _INTEGER, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("scan", sa.String(length=16), nullable=False),
        sa.Column("uploaded_at", database.Instant(), nullable=False),
        sa.Column("uploaded_for", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachments_size_positive")),
        sa.ForeignKeyConstraint(
            ["uploaded_for"], ["organisations.id"], name=op.f("fk_attachments_uploaded_for_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attachments_owner_kind_owner_id_id", ["owner_kind", "owner_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attachments_uploaded_for"), ["uploaded_for"], unique=False)

    # Written by hand: triggers are no part of the metadata that Alembic compares.
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_uploaded_for"))
        batch_op.drop_index("ix_attachments_owner_kind_owner_id_id")

    op.drop_table("attachments")
    with op.batch_alter_table("teaching_bases", schema=None) as batch_op:
        batch_op.drop_index("uq_teaching_bases_standing")
        batch_op.drop_index(batch_op.f("ix_teaching_bases_department_id"))

    op.drop_table("teaching_bases")
    with op.batch_alter_table("discipline_incidents", schema=None) as batch_op:
        for column in ("cycle_id", "class_id", "organisation_id"):
            batch_op.drop_index(batch_op.f(f"ix_discipline_incidents_{column}"))

    op.drop_table("discipline_incidents")
    op.drop_table("fund_entries")
    with op.batch_alter_table("fund_ledgers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_fund_ledgers_cycle_id"))

    op.drop_table("fund_ledgers")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("drop function keep_fund_entry"))
