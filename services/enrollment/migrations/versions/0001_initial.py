"""The first tables."""

import sqlalchemy as sa
from alembic import op

from services.enrollment.rosters.guards import STATEMENTS
from shared import database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a statement for each table and index
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
        "completions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("criteria", database.Json(), nullable=False),
        sa.Column("held_minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("completed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("not_completed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=False),
        sa.Column("proposed_at", database.Instant(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", database.Instant(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completions")),
        sa.UniqueConstraint("class_id", name=op.f("uq_completions_class_id")),
    )
    op.create_table(
        "enrolments",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("nomination_id", sa.String(length=36), nullable=False),
        sa.Column("roster_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("enterprise_id", sa.String(length=36), nullable=False),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("certificate_number", sa.String(length=64), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolled_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolments")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enrolments_cycle_id_department_id", ["cycle_id", "department_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_enrolments_nomination_id"), ["nomination_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolments_roster_id"), ["roster_id"], unique=False)
        batch_op.create_index(
            "uq_enrolments_standing",
            ["class_id", "person_id"],
            unique=True,
            postgresql_where=sa.text("status <> 'withdrawn'"),
            sqlite_where=sa.text("status <> 'withdrawn'"),
        )

    op.create_table(
        "enterprises",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("proposed_by", sa.String(length=36), nullable=False),
        sa.Column("industry_code", sa.String(length=5), nullable=False),
        sa.Column("industry_section", sa.String(length=1), nullable=False),
        sa.Column("employees", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revenue_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("assets_fen", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("size_class", sa.String(length=8), nullable=True),
        sa.Column("size_reason", database.Json(), nullable=False),
        sa.Column("tier_code", sa.String(length=60), nullable=True),
        sa.Column("tier_number", sa.String(length=80), nullable=True),
        sa.Column("tier_recognised_on", sa.Date(), nullable=True),
        sa.Column("tier_expires_on", sa.Date(), nullable=True),
        sa.Column("tier_edition", sa.String(length=80), nullable=True),
        sa.Column("remarks", database.Json(), nullable=False),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.Column("updated_at", database.Instant(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprises")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprises_uscc")),
    )
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprises_department_id"), ["department_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprises_proposed_by"), ["proposed_by"], unique=False)

    op.create_table(
        "heads",
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("roster_id", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("cycle_id", "person_id", name=op.f("pk_heads")),
    )
    with op.batch_alter_table("heads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heads_roster_id"), ["roster_id"], unique=False)

    op.create_table(
        "nominations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("enterprise_id", sa.String(length=36), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("target_group", sa.String(length=64), nullable=False),
        sa.Column("evidence", database.Json(), nullable=False),
        sa.Column("declarations", database.Json(), nullable=False),
        sa.Column("credits", database.Json(), nullable=False),
        sa.Column("findings", database.Json(), nullable=False),
        sa.Column("second_enrolment_reason", sa.Text(), nullable=True),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("industry_code", sa.String(length=8), nullable=False),
        sa.Column("industry_section", sa.String(length=1), nullable=True),
        sa.Column("size_class", sa.String(length=16), nullable=True),
        sa.Column("tier", sa.String(length=60), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nominated_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nominations")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_nominations_class_id_number")),
        sa.UniqueConstraint("class_id", "person_id", name=op.f("uq_nominations_class_id_person_id")),
    )
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_nominations_cycle_id_department_id", ["cycle_id", "department_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_nominations_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_nominations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "persons",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("document_kind", sa.String(length=32), nullable=False),
        sa.Column("number_index", sa.LargeBinary(), nullable=False),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("issuer", sa.String(length=64), nullable=True),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint(
            "document_kind", "number_index", name=op.f("uq_persons_document_kind_number_index")
        ),
    )
    op.create_table(
        "rosters",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("rows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approved_rows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rows_sha256", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=True),
        sa.Column("submitted_for", sa.String(length=36), nullable=True),
        sa.Column("submitted_at", database.Instant(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_for", sa.String(length=36), nullable=True),
        sa.Column("reviewed_at", database.Instant(), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("drafted_at", database.Instant(), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_rosters_class_id_number")),
    )
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rosters_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(
            "uq_rosters_open",
            ["class_id"],
            unique=True,
            postgresql_where=sa.text("status in ('draft', 'submitted')"),
            sqlite_where=sa.text("status in ('draft', 'submitted')"),
        )

    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("starts_at", database.Instant(), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attended", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint(
            "class_id", "starts_at", "title", name=op.f("uq_sessions_class_id_starts_at_title")
        ),
    )
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_attendance_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_attendance_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", "enrolment_id", name=op.f("pk_attendance")),
    )
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attendance_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "completion_rows",
        sa.Column("completion_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("minutes", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attendance_percent", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("met", sa.Boolean(), nullable=False),
        sa.Column("reasons", database.Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completions.id"], name=op.f("fk_completion_rows_completion_id_completions")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_completion_rows_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("completion_id", "position", name=op.f("pk_completion_rows")),
    )
    with op.batch_alter_table("completion_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completion_rows_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "roster_rows",
        sa.Column("roster_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("nomination_id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_rows_roster_id_rosters")),
        sa.PrimaryKeyConstraint("roster_id", "position", name=op.f("pk_roster_rows")),
    )
    with op.batch_alter_table("roster_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_rows_nomination_id"), ["nomination_id"], unique=False)
    _guard()


def downgrade() -> None:  # noqa: PLR0915 - a statement for each table and index
    with op.batch_alter_table("roster_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_rows_nomination_id"))

    op.drop_table("roster_rows")
    with op.batch_alter_table("completion_rows", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_rows_enrolment_id"))

    op.drop_table("completion_rows")
    with op.batch_alter_table("attendance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attendance_enrolment_id"))

    op.drop_table("attendance")
    op.drop_table("sessions")
    with op.batch_alter_table("rosters", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rosters_open",
            postgresql_where=sa.text("status in ('draft', 'submitted')"),
            sqlite_where=sa.text("status in ('draft', 'submitted')"),
        )
        batch_op.drop_index(batch_op.f("ix_rosters_cycle_id"))

    op.drop_table("rosters")
    op.drop_table("persons")
    with op.batch_alter_table("nominations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nominations_person_id"))
        batch_op.drop_index(batch_op.f("ix_nominations_enterprise_id"))
        batch_op.drop_index("ix_nominations_cycle_id_department_id")

    op.drop_table("nominations")
    with op.batch_alter_table("heads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heads_roster_id"))

    op.drop_table("heads")
    with op.batch_alter_table("enterprises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprises_proposed_by"))
        batch_op.drop_index(batch_op.f("ix_enterprises_department_id"))

    op.drop_table("enterprises")
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolments_standing",
            postgresql_where=sa.text("status <> 'withdrawn'"),
            sqlite_where=sa.text("status <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_enrolments_roster_id"))
        batch_op.drop_index(batch_op.f("ix_enrolments_person_id"))
        batch_op.drop_index(batch_op.f("ix_enrolments_nomination_id"))
        batch_op.drop_index("ix_enrolments_cycle_id_department_id")

    op.drop_table("enrolments")
    op.drop_table("completions")
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
    _unguard()


def _guard() -> None:
    # Written by hand: triggers are no part of the metadata that Alembic compares.
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def _unguard() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.text("drop function keep_closed_roster, keep_rows_of_closed_roster"))
