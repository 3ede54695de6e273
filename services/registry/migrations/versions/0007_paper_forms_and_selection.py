"""Liaison forms that came on paper, with the day and the reference."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0003"
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


def upgrade() -> None:
    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("on_behalf", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("reference", sa.String(length=200), nullable=True))
    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.alter_column("on_behalf", server_default=None)
    op.execute(_BEHALF)


def downgrade() -> None:
    with op.batch_alter_table("liaison_form_versions", schema=None) as batch_op:
        batch_op.drop_column("reference")
        batch_op.drop_column("received_on")
        batch_op.drop_column("on_behalf")
