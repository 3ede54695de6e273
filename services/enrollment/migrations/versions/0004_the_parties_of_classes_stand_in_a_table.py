"""The parties of classes stand in a table."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "class_parties",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("class_id", "organisation_id", name=op.f("pk_class_parties")),
    )
    with op.batch_alter_table("class_parties", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_parties_organisation_id_cycle_id"),
            ["organisation_id", "cycle_id"],
            unique=False,
        )
    _fill()


def downgrade() -> None:
    with op.batch_alter_table("class_parties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_parties_organisation_id_cycle_id"))

    op.drop_table("class_parties")


def _fill() -> None:
    """Write the parties of the classes that are known already; what is brought later writes its own."""
    copies = sa.table(
        "copies", sa.column("resource"), sa.column("version"), sa.column("data", database.Json())
    )
    known = sa.select(copies.c.data).where(copies.c.resource == "registry.class", copies.c.version > 0)
    rows = [
        {"class_id": one["id"], "organisation_id": party, "cycle_id": one["cycle_id"]}
        for one in op.get_bind().scalars(known)
        for party in sorted(_parties(one))
    ]
    parties = sa.table(
        "class_parties", *(sa.column(name) for name in ("class_id", "organisation_id", "cycle_id"))
    )
    if rows:
        op.bulk_insert(parties, rows)


def _parties(state: dict[str, Any]) -> set[str]:
    """Name the lead, the institutions, the co-organisers and who filed, as states had them then."""
    others = {one["organisation_id"] for one in state.get("co_organisers", ())}
    filed_by = {state["filed_by"]} if state.get("filed_by") else set()
    return {state["lead_id"], *state["institution_ids"], *others, *filed_by}
