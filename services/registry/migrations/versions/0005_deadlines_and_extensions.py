"""The ledger of deadlines with its extensions and notes; cycles in force get theirs from their packs."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CYCLES = sa.table("cycles", sa.column("id"), sa.column("status"), sa.column("revision"))
_PACKS = sa.table(
    "pack_revisions", sa.column("cycle_id"), sa.column("revision"), sa.column("document", database.Json())
)
_DEADLINES = sa.table(
    "deadlines",
    *map(sa.column, ("id", "cycle_id", "code", "revision", "zh", "en", "zone", "withdrawn")),
    sa.column("clause", database.Json()),
    sa.column("until", sa.Date()),
    sa.column("planned_at", database.Instant()),
    *map(sa.column, ("extensions", "version")),
)


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("clause", database.Json(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("planned_at", database.Instant(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("extensions", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_deadlines_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sa.UniqueConstraint("cycle_id", "code", name=op.f("uq_deadlines_cycle_id_code")),
    )
    op.create_table(
        "deadline_extensions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("deadline_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("closes_at", database.Instant(), nullable=False),
        sa.Column("for_all", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", database.Instant(), nullable=False),
        sa.Column("given_by", sa.String(length=36), nullable=True),
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_extensions_deadline_id_deadlines")
        ),
        sa.ForeignKeyConstraint(
            ["given_by"], ["organisations.id"], name=op.f("fk_deadline_extensions_given_by_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_extensions")),
        sa.UniqueConstraint("deadline_id", "number", name=op.f("uq_deadline_extensions_deadline_id_number")),
    )
    op.create_table(
        "extended_organisations",
        sa.Column("extension_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["extension_id"],
            ["deadline_extensions.id"],
            name=op.f("fk_extended_organisations_extension_id_deadline_extensions"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_extended_organisations_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("extension_id", "organisation_id", name=op.f("pk_extended_organisations")),
    )
    op.create_table(
        "deadline_notes",
        sa.Column("deadline_id", sa.String(length=200), nullable=False),
        sa.Column("closes_at", database.Instant(), nullable=False),
        sa.Column("days", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("noted_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deadline_id"], ["deadlines.id"], name=op.f("fk_deadline_notes_deadline_id_deadlines")
        ),
        sa.PrimaryKeyConstraint("deadline_id", "closes_at", "days", name=op.f("pk_deadline_notes")),
    )
    with op.batch_alter_table("extended_organisations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_extended_organisations_organisation_id"), ["organisation_id"], unique=False
        )

    op.bulk_insert(_DEADLINES, list(_in_force(op.get_bind())))


def _in_force(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Write the ledger of every cycle in force, as putting its pack in force would have done."""
    judging = (_PACKS.c.cycle_id == _CYCLES.c.id) & (_PACKS.c.revision == _CYCLES.c.revision)
    asked = sa.select(_CYCLES.c.id, _CYCLES.c.revision, _PACKS.c.document).join(_PACKS, judging)
    for cycle in connection.execute(asked.where(_CYCLES.c.status == "active")):
        for line in cycle.document.get("deadlines", ()):
            yield {
                "id": f"{cycle.id}.{line['code']}",
                "cycle_id": cycle.id,
                "code": line["code"],
                "revision": cycle.revision,
                "zh": line["zh"],
                "en": line["en"],
                "clause": line.get("clause", []),
                "until": date.fromisoformat(line["until"]),
                "zone": line["zone"],
                "planned_at": _closes_at(line),
                "withdrawn": False,
                "extensions": 0,
                "version": 1,
            }


def _closes_at(line: dict[str, Any]) -> datetime:
    day, zone = date.fromisoformat(line["until"]), ZoneInfo(line["zone"])
    if (hour := line.get("hour")) is not None:
        return datetime.combine(day, time.fromisoformat(hour), zone).astimezone(UTC)
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def downgrade() -> None:
    with op.batch_alter_table("extended_organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_extended_organisations_organisation_id"))

    op.drop_table("deadline_notes")
    op.drop_table("extended_organisations")
    op.drop_table("deadline_extensions")
    op.drop_table("deadlines")
