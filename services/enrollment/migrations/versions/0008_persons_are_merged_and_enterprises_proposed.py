"""Persons are shown in full, consent and are merged; enterprises have versions and proposals."""

import sqlalchemy as sa
from alembic import op

from services.enrollment.guards import statements_of
from shared import database

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NOTED = ("full_views", "consent_texts", "consents", "consent_withdrawals", "enterprise_versions")


def upgrade() -> None:
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("zh", sa.Text(), nullable=False),
        sa.Column("en", sa.Text(), nullable=False),
        sa.Column("published_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("published_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_texts")),
        sa.UniqueConstraint("purpose", "version", name=op.f("uq_consent_texts_purpose_version")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("text_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("given_at", database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_consents_person_id_persons")),
        sa.ForeignKeyConstraint(
            ["text_id"], ["consent_texts.id"], name=op.f("fk_consents_text_id_consent_texts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_person_id"), ["person_id"], unique=False)

    op.create_table(
        "duplicates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("first_id", sa.String(length=36), nullable=False),
        sa.Column("second_id", sa.String(length=36), nullable=False),
        sa.Column("reasons", database.Json(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("found_at", database.Instant(), nullable=False),
        sa.Column("decided_at", database.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_for", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["persons.id"], name=op.f("fk_duplicates_first_id_persons")),
        sa.ForeignKeyConstraint(["second_id"], ["persons.id"], name=op.f("fk_duplicates_second_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicates")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_duplicates_first_id_second_id")),
    )
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicates_second_id"), ["second_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duplicates_status_id"), ["status", "id"], unique=False)

    op.create_table(
        "enterprise_proposals",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enterprise_id", sa.String(length=36), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("statement", database.Json(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("proposed_at", database.Instant(), nullable=False),
        sa.Column("decided_at", database.Instant(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_for", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_enterprise_proposals_enterprise_id_enterprises"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_proposals")),
    )
    with op.batch_alter_table("enterprise_proposals", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_proposals_proposed_by"), ["proposed_by"], unique=False
        )
        batch_op.create_index(
            "uq_enterprise_proposals_open",
            ["enterprise_id", "proposed_by"],
            unique=True,
            postgresql_where=sa.text("status = 'open'"),
            sqlite_where=sa.text("status = 'open'"),
        )

    op.create_table(
        "enterprise_versions",
        sa.Column("enterprise_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("record", database.Json(), nullable=False),
        sa.Column("stated_by", sa.String(length=36), nullable=False),
        sa.Column("stated_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprises.id"],
            name=op.f("fk_enterprise_versions_enterprise_id_enterprises"),
        ),
        sa.PrimaryKeyConstraint("enterprise_id", "version", name=op.f("pk_enterprise_versions")),
    )
    op.create_table(
        "full_views",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("fields", database.Json(), nullable=False),
        sa.Column("viewed_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_full_views_person_id_persons")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_full_views")),
    )
    with op.batch_alter_table("full_views", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_full_views_organisation_id_id"), ["organisation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_full_views_person_id"), ["person_id"], unique=False)

    op.create_table(
        "person_merges",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("survivor_id", sa.String(length=36), nullable=False),
        sa.Column("retired_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", database.Instant(), nullable=False),
        sa.Column("merged_by", sa.String(length=100), nullable=False),
        sa.Column("merged_for", sa.String(length=36), nullable=False),
        sa.Column("moved", database.Json(), nullable=False),
        sa.Column("undone_at", database.Instant(), nullable=True),
        sa.Column("undone_by", sa.String(length=100), nullable=True),
        sa.Column("undone_for", sa.String(length=36), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["retired_id"], ["persons.id"], name=op.f("fk_person_merges_retired_id_persons")
        ),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["persons.id"], name=op.f("fk_person_merges_survivor_id_persons")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_person_merges")),
        sa.UniqueConstraint("id", name=op.f("uq_person_merges_id")),
    )
    with op.batch_alter_table("person_merges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_merges_survivor_id"), ["survivor_id"], unique=False)
        batch_op.create_index(
            "uq_person_merges_retired",
            ["retired_id"],
            unique=True,
            postgresql_where=sa.text("undone_at IS NULL"),
            sqlite_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "consent_withdrawals",
        sa.Column("consent_id", sa.String(length=36), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("withdrawn_at", database.Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(length=36), nullable=False),
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_consent_withdrawals_consent_id_consents")
        ),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_consent_withdrawals")),
    )
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("compared", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_index(
            "ix_nominations_to_compare",
            ["id"],
            unique=False,
            postgresql_where=sa.text("NOT compared"),
            sqlite_where=sa.text("NOT compared"),
        )

    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_index", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("name_phone_index", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("name_birth_index", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("merged_into", sa.String(length=36), nullable=True))
        batch_op.create_index(batch_op.f("ix_persons_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index(batch_op.f("ix_persons_name_index"), ["name_index"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_persons_merged_into_persons"), "persons", ["merged_into"], ["id"]
        )
    for table in NOTED:
        for statement in statements_of(table)[op.get_bind().dialect.name]:
            op.execute(sa.text(statement))


def downgrade() -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_persons_merged_into_persons"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_persons_name_index"))
        batch_op.drop_index(batch_op.f("ix_persons_merged_into"))
        batch_op.drop_column("merged_into")
        batch_op.drop_column("name_birth_index")
        batch_op.drop_column("name_phone_index")
        batch_op.drop_column("name_index")

    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_nominations_to_compare",
            postgresql_where=sa.text("NOT compared"),
            sqlite_where=sa.text("NOT compared"),
        )
        batch_op.drop_column("compared")

    op.drop_table("consent_withdrawals")
    with op.batch_alter_table("person_merges", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_person_merges_retired",
            postgresql_where=sa.text("undone_at IS NULL"),
            sqlite_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_person_merges_survivor_id"))

    op.drop_table("person_merges")
    with op.batch_alter_table("full_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_full_views_person_id"))
        batch_op.drop_index(batch_op.f("ix_full_views_organisation_id_id"))

    op.drop_table("full_views")
    op.drop_table("enterprise_versions")
    with op.batch_alter_table("enterprise_proposals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enterprise_proposals_open",
            postgresql_where=sa.text("status = 'open'"),
            sqlite_where=sa.text("status = 'open'"),
        )
        batch_op.drop_index(batch_op.f("ix_enterprise_proposals_proposed_by"))

    op.drop_table("enterprise_proposals")
    with op.batch_alter_table("duplicates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicates_status_id"))
        batch_op.drop_index(batch_op.f("ix_duplicates_second_id"))

    op.drop_table("duplicates")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_person_id"))

    op.drop_table("consents")
    op.drop_table("consent_texts")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("drop function keep_what_was_noted"))
