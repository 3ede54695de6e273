"""Activities and learning."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activities",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("cycle_id", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("facets", database.Json(), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("host_industry_section", sa.String(length=1), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("place_department_id", sa.String(length=36), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("capacity", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("registered", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("waiting", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("attended", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cancellation_reason", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("planned_at", database.Instant(), nullable=False),
        sa.Column("held_at", database.Instant(), nullable=True),
        sa.CheckConstraint("registered between 0 and capacity", name=op.f("ck_activities_places")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_activities_cycle_id_starts_on"), ["cycle_id", "starts_on"], unique=False
        )

    op.create_table(
        "check_ins",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", database.Instant(), nullable=False),
        sa.Column("closes_at", database.Instant(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_check_ins_session_id_sessions")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_check_ins")),
    )
    op.create_table(
        "course_scores",
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("course", sa.String(length=200), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("score", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.CheckConstraint("score between 0 and 10000", name=op.f("ck_course_scores_score")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_course_scores_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", "course", name=op.f("pk_course_scores")),
    )
    with op.batch_alter_table("course_scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_scores_class_id"), ["class_id"], unique=False)

    op.create_table(
        "final_reports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("reference", sa.String(length=500), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", database.Instant(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", database.Instant(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_final_reports_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_final_reports")),
        sa.UniqueConstraint("enrolment_id", name=op.f("uq_final_reports_enrolment_id")),
    )
    with op.batch_alter_table("final_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_final_reports_class_id"), ["class_id"], unique=False)

    op.create_table(
        "online_records",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("class_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("course", sa.String(length=500), nullable=False),
        sa.Column("seconds", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", database.Instant(), nullable=False),
        sa.Column("recorded_at", database.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_online_records_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_records")),
        sa.UniqueConstraint(
            "class_id", "source", "source_id", name=op.f("uq_online_records_class_id_source_source_id")
        ),
    )
    with op.batch_alter_table("online_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_online_records_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "participants",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("activity_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("class_id", sa.String(length=36), nullable=True),
        sa.Column("certificate_number", sa.String(length=64), nullable=True),
        sa.Column("legacy", sa.Boolean(), nullable=False),
        sa.Column("legacy_issuer", sa.String(length=200), nullable=True),
        sa.Column("legacy_cycle", sa.String(length=200), nullable=True),
        sa.Column("department_id", sa.String(length=36), nullable=False),
        sa.Column("industry_section", sa.String(length=1), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("registered_for", sa.String(length=36), nullable=False),
        sa.Column("registered_by", sa.String(length=64), nullable=False),
        sa.Column("registered_at", database.Instant(), nullable=False),
        sa.Column("withdrawn_at", database.Instant(), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_participants_activity_id_activities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("activity_id", "number", name=op.f("uq_participants_activity_id_number")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participants_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participants_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_participants_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_participants_standing",
            ["activity_id", "holder"],
            unique=True,
            postgresql_where=sa.text("status <> 'withdrawn'"),
            sqlite_where=sa.text("status <> 'withdrawn'"),
        )

    op.create_table(
        "personal_links",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("created_for", sa.String(length=36), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", database.Instant(), nullable=False),
        sa.Column("expires_at", database.Instant(), nullable=False),
        sa.Column("revoked_at", database.Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_personal_links_enrolment_id_enrolments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_links")),
    )
    with op.batch_alter_table("personal_links", schema=None) as batch_op:
        batch_op.create_index(
            "uq_personal_links_in_force",
            ["enrolment_id"],
            unique=True,
            postgresql_where=sa.text("revoked_at is null"),
            sqlite_where=sa.text("revoked_at is null"),
        )

    op.create_table(
        "check_in_tries",
        sa.Column("session_id", sa.String(length=36), nullable=False),
        sa.Column("enrolment_id", sa.String(length=36), nullable=False),
        sa.Column("wrong", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolments.id"], name=op.f("fk_check_in_tries_enrolment_id_enrolments")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["check_ins.session_id"], name=op.f("fk_check_in_tries_session_id_check_ins")
        ),
        sa.PrimaryKeyConstraint("session_id", "enrolment_id", name=op.f("pk_check_in_tries")),
    )
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("certificate_noted_at", database.Instant(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_enrolments_certificate_number"), ["certificate_number"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("enrolments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolments_certificate_number"))
        batch_op.drop_column("certificate_noted_at")

    op.drop_table("check_in_tries")
    with op.batch_alter_table("personal_links", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_personal_links_in_force",
            postgresql_where=sa.text("revoked_at is null"),
            sqlite_where=sa.text("revoked_at is null"),
        )

    op.drop_table("personal_links")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_participants_standing",
            postgresql_where=sa.text("status <> 'withdrawn'"),
            sqlite_where=sa.text("status <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_participants_person_id"))
        batch_op.drop_index(batch_op.f("ix_participants_enrolment_id"))
        batch_op.drop_index(batch_op.f("ix_participants_class_id"))

    op.drop_table("participants")
    with op.batch_alter_table("online_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_records_enrolment_id"))

    op.drop_table("online_records")
    with op.batch_alter_table("final_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_final_reports_class_id"))

    op.drop_table("final_reports")
    with op.batch_alter_table("course_scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_scores_class_id"))

    op.drop_table("course_scores")
    op.drop_table("check_ins")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_activities_cycle_id_starts_on"))

    op.drop_table("activities")
