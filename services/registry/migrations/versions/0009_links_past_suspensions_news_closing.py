"""Links of organisations; suspensions of before the platform; overdue forms; news; closing of cycles."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_at", database.Instant(), nullable=True))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=64), nullable=True))

    op.create_table(
        "organisation_links",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("linked_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_links_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["linked_id"], ["organisations.id"], name=op.f("fk_organisation_links_linked_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_links")),
    )
    with op.batch_alter_table("organisation_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_links_linked_id"), ["linked_id"], unique=False)
        batch_op.create_index(
            "uq_organisation_links_open",
            ["organisation_id", "linked_id"],
            unique=True,
            sqlite_where=sa.text("ends_on IS NULL"),
            postgresql_where=sa.text("ends_on IS NULL"),
        )

    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("imported", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("pinned", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("document", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("decided_on", sa.Date(), nullable=True))
        batch_op.drop_constraint(batch_op.f("fk_suspensions_evaluated_cycle_id_cycles"), type_="foreignkey")
        batch_op.create_index(
            "uq_suspensions_imported",
            ["evaluated_cycle_id", "institution_id"],
            unique=True,
            sqlite_where=sa.text("imported"),
            postgresql_where=sa.text("imported"),
        )
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.alter_column("imported", server_default=None)
        batch_op.alter_column("pinned", server_default=None)

    op.create_table(
        "liaison_overdue",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("closes_at", database.Instant(), nullable=False),
        sa.Column("noted_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_liaison_overdue_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["department_id"],
            ["organisations.id"],
            name=op.f("fk_liaison_overdue_department_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("cycle_id", "department_id", "closes_at", name=op.f("pk_liaison_overdue")),
    )

    op.create_table(
        "news",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=True),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("text_zh", sa.Text(), nullable=False),
        sa.Column("text_en", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("updated_at", database.Instant(), nullable=False),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.Column("published_at", database.Instant(), nullable=True),
        sa.Column("published_by", sa.String(length=64), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=64), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_news_class_id_classes")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_news_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_news_organisation_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
    )
    with op.batch_alter_table("news", schema=None) as batch_op:
        for column in ("class_id", "cycle_id", "organisation_id"):
            batch_op.create_index(batch_op.f(f"ix_news_{column}"), [column], unique=False)
        batch_op.create_index(
            "ix_news_status_published_at_id", ["status", "published_at", "id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("news", schema=None) as batch_op:
        batch_op.drop_index("ix_news_status_published_at_id")
        for column in ("organisation_id", "cycle_id", "class_id"):
            batch_op.drop_index(batch_op.f(f"ix_news_{column}"))

    op.drop_table("news")
    op.drop_table("liaison_overdue")
    op.execute("DELETE FROM suspensions WHERE imported")
    with op.batch_alter_table("suspensions", schema=None) as batch_op:
        batch_op.drop_index("uq_suspensions_imported")
        batch_op.create_foreign_key(
            batch_op.f("fk_suspensions_evaluated_cycle_id_cycles"), "cycles", ["evaluated_cycle_id"], ["id"]
        )
        batch_op.drop_column("decided_on")
        batch_op.drop_column("document")
        batch_op.drop_column("pinned")
        batch_op.drop_column("imported")

    with op.batch_alter_table("organisation_links", schema=None) as batch_op:
        batch_op.drop_index("uq_organisation_links_open")
        batch_op.drop_index(batch_op.f("ix_organisation_links_linked_id"))

    op.drop_table("organisation_links")
    with op.batch_alter_table("cycles", schema=None) as batch_op:
        batch_op.drop_column("closed_by")
        batch_op.drop_column("closed_at")
