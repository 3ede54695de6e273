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
        "certificate_batches",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_number", sa.String(length=500), nullable=False),
        sa.Column("last_number", sa.String(length=500), nullable=False),
        sa.Column("issued_by", sa.String(length=100), nullable=False),
        sa.Column("issued_at", database.Instant(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_batches")),
    )
    with op.batch_alter_table("certificate_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_batches_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_batches_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "completion_parts",
        sa.Column("completion_id", sa.String(length=36), nullable=False),
        sa.Column("part", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("completion_id", "part", name=op.f("pk_completion_parts")),
    )
    with op.batch_alter_table("completion_parts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completion_parts_class_id"), ["class_id"], unique=False)

    op.create_table(
        "entitlements",
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("completion_id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=True),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_entitlements")),
    )
    with op.batch_alter_table("entitlements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entitlements_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_entitlements_person_id"), ["person_id"], unique=False)

    op.create_table(
        "holder_keys",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", database.Instant(), nullable=True),
        sa.Column("erased_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_holder_keys")),
    )
    op.create_table(
        "number_series",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("pattern", sa.String(length=400), nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "pattern", name=op.f("pk_number_series")),
    )
    op.create_table(
        "certificates",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("batch_id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=True),
        sa.Column("pattern", sa.String(length=400), nullable=False),
        sa.Column("serial", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=500), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("issued_at", database.Instant(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("signature_alg", sa.String(length=16), nullable=False),
        sa.Column("signature_key", sa.String(length=64), nullable=False),
        sa.Column("code_key", sa.String(length=64), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["certificate_batches.id"],
            name=op.f("fk_certificates_batch_id_certificate_batches"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"],
            ["entitlements.enrolment_id"],
            name=op.f("fk_certificates_enrolment_id_entitlements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_certificates_code_sha256")),
        sa.UniqueConstraint(
            "cycle_id", "pattern", "serial", name=op.f("uq_certificates_cycle_id_pattern_serial")
        ),
        sa.UniqueConstraint("number", name=op.f("uq_certificates_number")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificates_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_certificates_standing",
            ["enrolment_id"],
            unique=True,
            postgresql_where=sa.text("status <> 'superseded'"),
            sqlite_where=sa.text("status <> 'superseded'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificates_standing",
            postgresql_where=sa.text("status <> 'superseded'"),
            sqlite_where=sa.text("status <> 'superseded'"),
        )
        batch_op.drop_index(batch_op.f("ix_certificates_person_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_department_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_class_id"))
        batch_op.drop_index(batch_op.f("ix_certificates_batch_id"))

    op.drop_table("certificates")
    op.drop_table("number_series")
    op.drop_table("holder_keys")
    with op.batch_alter_table("entitlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entitlements_person_id"))
        batch_op.drop_index(batch_op.f("ix_entitlements_class_id"))

    op.drop_table("entitlements")
    with op.batch_alter_table("completion_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_parts_class_id"))

    op.drop_table("completion_parts")
    with op.batch_alter_table("certificate_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_batches_cycle_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_batches_class_id"))

    op.drop_table("certificate_batches")
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
