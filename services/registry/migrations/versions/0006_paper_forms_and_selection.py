"""Liaison forms that came on paper; dated office holders; applications for designations and their history."""

import sqlalchemy as sa
from alembic import op

from shared import database

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Who entered a form so far is known by its client's organisation.
_BEHALF = """
UPDATE liaison_form_versions SET on_behalf = true
WHERE EXISTS (
    SELECT 1 FROM liaison_forms f JOIN api_clients c ON c.organisation_id <> f.department_id
    WHERE f.id = liaison_form_versions.form_id AND c.id = liaison_form_versions.submitted_by
)
"""

_DESIGNATED = """
INSERT INTO designation_history (designation_id, version, status, reason, reference, at, entered_by)
SELECT id, 1, 'designated', 'designated_directly', selection_reference, designated_at, designated_by
FROM designations
"""

# A member body is suspended with its federation (Q5); what suspends has no principal.
_SUSPENDED = """
INSERT INTO designation_history (designation_id, version, status, reason, reference, at)
SELECT d.id, d.version, 'suspended', 'suspended_by_evaluation', MAX(s.evaluation_id), MAX(s.decided_at)
FROM designations d
JOIN organisations o ON o.id = d.institution_id
JOIN suspensions s ON s.barred_cycle_id = d.cycle_id AND s.status = 'in_force'
    AND (s.institution_id = d.institution_id OR s.institution_id = o.parent_id)
WHERE d.status = 'suspended' AND d.version > 1
GROUP BY d.id, d.version
"""


def upgrade() -> None:
    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.String(length=200), nullable=True))
    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.alter_column("on_behalf", server_default=None)
    op.execute(_BEHALF)

    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assessor", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("assessed_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("assessment_result", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("applied_at", database.Instant(), nullable=True))
        batch_op.alter_column("designated_at", existing_type=database.Instant(), nullable=True)
        batch_op.alter_column("designated_by", existing_type=sa.String(length=64), nullable=True)

    op.create_table(
        "office_holders",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("office_id", sa.String(length=36), nullable=False),
        sa.Column("seat", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("entered_at", database.Instant(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_office_holders_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_holders")),
    )
    with op.batch_alter_table("office_holders", schema=None) as batch_op:
        batch_op.create_index("ix_office_holders_office_id_seat", ["office_id", "seat"], unique=False)

    op.create_table(
        "designation_history",
        sa.Column("designation_id", sa.String(length=36), nullable=False),
        sa.Column("version", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("at", database.Instant(), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["designation_id"],
            ["designations.id"],
            name=op.f("fk_designation_history_designation_id_designations"),
        ),
        sa.PrimaryKeyConstraint("designation_id", "version", name=op.f("pk_designation_history")),
    )
    op.execute(_DESIGNATED)
    op.execute(_SUSPENDED)


def downgrade() -> None:
    op.drop_table("designation_history")
    with op.batch_alter_table("office_holders", schema=None) as batch_op:
        batch_op.drop_index("ix_office_holders_office_id_seat")

    op.drop_table("office_holders")
    op.execute("DELETE FROM designations WHERE designated_at IS NULL")
    with op.batch_alter_table("designations", schema=None) as batch_op:
        batch_op.alter_column("designated_by", existing_type=sa.String(length=64), nullable=False)
        batch_op.alter_column("designated_at", existing_type=database.Instant(), nullable=False)
        batch_op.drop_column("applied_at")
        batch_op.drop_column("assessment_result")
        batch_op.drop_column("assessed_on")
        batch_op.drop_column("assessor")

    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.drop_column("reference")
        batch_op.drop_column("received_on")
        batch_op.drop_column("on_behalf")
