"""The first tables."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "copies",
        sa.Column("aggregate", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("time", database.Instant(), nullable=True),
        sa.Column("cycle", sa.String(), nullable=True),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("data", database.Json(), nullable=True),
        sa.PrimaryKeyConstraint("aggregate", name=op.f("pk_copies")),
    )
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_copies_resource"), ["resource"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("principal", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=100), nullable=False),
        sa.Column("claimed_at", database.Instant(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", database.Json(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency_keys")),
    )
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_keys_claimed_at"), ["claimed_at"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("due_at", database.Instant(), nullable=False),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fault", sa.String(), nullable=True),
        sa.Column("waits_for", sa.String(), nullable=True),
        sa.Column("waits_version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("settled_at", database.Instant(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'due'"),
            postgresql_where=sa.text("status = 'due'"),
        )
        batch_op.create_index("ix_inbox_settled_at", ["settled_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_waiting",
            ["waits_for"],
            unique=False,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "outbox",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("relayed_at", database.Instant(), nullable=True),
        sa.Column("retry_at", database.Instant(), nullable=True),
        sa.Column("fault", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_relayed_at", ["relayed_at"], unique=False)
        batch_op.create_index(
            "ix_outbox_unrelayed",
            ["position"],
            unique=False,
            sqlite_where=sa.text("relayed_at IS NULL"),
            postgresql_where=sa.text("relayed_at IS NULL"),
        )

    op.create_table(
        "cycles",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("follows", sa.String(length=100), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("loaded_at", database.Instant(), nullable=False),
        sa.Column("activated_at", database.Instant(), nullable=True),
        sa.Column("activated_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=True),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registered_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["organisations.id"], name=op.f("fk_organisations_parent_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("kind", "name_zh", name=op.f("uq_organisations_kind_name_zh")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "uq_organisations_code",
            ["code"],
            unique=True,
            postgresql_where=sa.text("code IS NOT NULL"),
            sqlite_where=sa.text("code IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_organisations_sole_kind",
            ["kind"],
            unique=True,
            postgresql_where=sa.text(
                "kind IN ('bureau', 'operator', 'promotion_centre', 'talent_exchange_centre')"
            ),
            sqlite_where=sa.text(
                "kind IN ('bureau', 'operator', 'promotion_centre', 'talent_exchange_centre')"
            ),
        )

    op.create_table(
        "api_clients",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("offices", database.Json(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.Column("revoked_at", database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_api_clients_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
    )
    with op.batch_alter_table("api_clients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_clients_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_clients_revoked_at"), ["revoked_at"], unique=False)

    op.create_table(
        "classes",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("arrangement", sa.String(length=64), nullable=False),
        sa.Column("special_topic", sa.String(length=64), nullable=True),
        sa.Column("title_zh", sa.String(length=200), nullable=False),
        sa.Column("title_en", sa.String(length=200), nullable=True),
        sa.Column("filed_by", sa.String(length=36), nullable=False),
        sa.Column("lead_id", sa.String(length=36), nullable=False),
        sa.Column("place_department_id", sa.String(length=36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("coordinated_at", database.Instant(), nullable=True),
        sa.Column("coordinated_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", database.Instant(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_heads", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drafted_at", database.Instant(), nullable=False),
        sa.Column("drafted_by", sa.String(length=64), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_classes_capacity_positive")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_classes_dates_in_order")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_classes_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["filed_by"], ["organisations.id"], name=op.f("fk_classes_filed_by_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["lead_id"], ["organisations.id"], name=op.f("fk_classes_lead_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["place_department_id"],
            ["organisations.id"],
            name=op.f("fk_classes_place_department_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
    )
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.create_index("ix_classes_cycle_id_id", ["cycle_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_classes_filed_by"), ["filed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_classes_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "designations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("institution_id", sa.String(length=36), nullable=False),
        sa.Column("class_kinds", database.Json(), nullable=False),
        sa.Column("assessment_reference", sa.String(length=200), nullable=True),
        sa.Column("selection_reference", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("designated_at", database.Instant(), nullable=False),
        sa.Column("designated_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_designations_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["institution_id"],
            ["organisations.id"],
            name=op.f("fk_designations_institution_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_designations")),
        sa.UniqueConstraint(
            "cycle_id", "institution_id", name=op.f("uq_designations_cycle_id_institution_id")
        ),
    )
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_designations_institution_id"), ["institution_id"], unique=False)

    op.create_table(
        "liaison_forms",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_liaison_forms_cycle_id_cycles")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["organisations.id"], name=op.f("fk_liaison_forms_department_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_liaison_forms")),
        sa.UniqueConstraint(
            "cycle_id", "department_id", name=op.f("uq_liaison_forms_cycle_id_department_id")
        ),
    )
    with op.batch_alter_table("liaison_forms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_liaison_forms_department_id"), ["department_id"], unique=False)

    op.create_table(
        "offices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("host_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("registered_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["host_id"], ["organisations.id"], name=op.f("fk_offices_host_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_host_id"), ["host_id"], unique=False)

    op.create_table(
        "pack_revisions",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column(
            "revision",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("document", database.Json(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", database.Instant(), nullable=False),
        sa.Column("loaded_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_pack_revisions_cycle_id_cycles")),
        sa.PrimaryKeyConstraint("cycle_id", "revision", name=op.f("pk_pack_revisions")),
    )
    op.create_table(
        "api_secrets",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("algorithm", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.Column("expires_at", database.Instant(), nullable=True),
        sa.Column("retired_at", database.Instant(), nullable=True),
        sa.Column("last_used_at", database.Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.id"], name=op.f("fk_api_secrets_client_id_api_clients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_secrets")),
    )
    with op.batch_alter_table("api_secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_secrets_client_id"), ["client_id"], unique=False)

    op.create_table(
        "class_organisers",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_class_organisers_class_id_classes")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_class_organisers_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("class_id", "organisation_id", "role", name=op.f("pk_class_organisers")),
    )
    with op.batch_alter_table("class_organisers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_class_organisers_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "liaison_form_versions",
        sa.Column("form_id", sa.String(length=36), nullable=False),
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fields", database.Json(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", database.Instant(), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_id"], ["liaison_forms.id"], name=op.f("fk_liaison_form_versions_form_id_liaison_forms")
        ),
        sa.PrimaryKeyConstraint("form_id", "number", name=op.f("pk_liaison_form_versions")),
    )
    op.create_table(
        "training_plans",
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("courses", database.Json(), nullable=False),
        sa.Column("base_visits", database.Json(), nullable=False),
        sa.Column("budget_heads", database.Json(), nullable=False),
        sa.Column("consenting_ids", database.Json(), nullable=False),
        sa.Column("planned_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "min_attendance_percent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("min_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agreed_at", database.Instant(), nullable=True),
        sa.Column("agreed_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["classes.id"], name=op.f("fk_training_plans_class_id_classes")
        ),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_training_plans")),
    )


def downgrade() -> None:
    op.drop_table("training_plans")
    op.drop_table("liaison_form_versions")
    with op.batch_alter_table("class_organisers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_organisers_organisation_id"))

    op.drop_table("class_organisers")
    with op.batch_alter_table("api_secrets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_secrets_client_id"))

    op.drop_table("api_secrets")
    op.drop_table("pack_revisions")
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_host_id"))

    op.drop_table("offices")
    with op.batch_alter_table("liaison_forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_liaison_forms_department_id"))

    op.drop_table("liaison_forms")
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_designations_institution_id"))

    op.drop_table("designations")
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classes_lead_id"))
        batch_op.drop_index(batch_op.f("ix_classes_filed_by"))
        batch_op.drop_index("ix_classes_cycle_id_id")

    op.drop_table("classes")
    with op.batch_alter_table("api_clients", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_clients_revoked_at"))
        batch_op.drop_index(batch_op.f("ix_api_clients_organisation_id"))

    op.drop_table("api_clients")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_organisations_sole_kind",
            postgresql_where=sa.text(
                "kind IN ('bureau', 'operator', 'promotion_centre', 'talent_exchange_centre')"
            ),
            sqlite_where=sa.text(
                "kind IN ('bureau', 'operator', 'promotion_centre', 'talent_exchange_centre')"
            ),
        )
        batch_op.drop_index(
            "uq_organisations_code",
            postgresql_where=sa.text("code IS NOT NULL"),
            sqlite_where=sa.text("code IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_organisations_parent_id"))

    op.drop_table("organisations")
    op.drop_table("cycles")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_unrelayed",
            sqlite_where=sa.text("relayed_at IS NULL"),
            postgresql_where=sa.text("relayed_at IS NULL"),
        )
        batch_op.drop_index("ix_outbox_relayed_at")

    op.drop_table("outbox")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index("ix_inbox_settled_at")
        batch_op.drop_index(
            "ix_inbox_due", sqlite_where=sa.text("status = 'due'"), postgresql_where=sa.text("status = 'due'")
        )

    op.drop_table("inbox")
    with op.batch_alter_table("idempotency_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_keys_claimed_at"))

    op.drop_table("idempotency_keys")
    with op.batch_alter_table("copies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_copies_resource"))

    op.drop_table("copies")
