"""Imports: the job, its file in sealed parts, and what became of each row."""

import sqlalchemy as sa
from alembic import op

from shared.database import BigId, Instant, Json

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "imports",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("class_id", sa.String(36), nullable=False),
        sa.Column("organisation_id", sa.String(36), nullable=False),
        sa.Column("organisation_kind", sa.String(40), nullable=False),
        sa.Column("principal", sa.String(100), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("commits", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("format", sa.String(4), nullable=True),
        sa.Column("size", BigId, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("lines", BigId, nullable=True),
        sa.Column("next_line", BigId, nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("causes", Json(), nullable=False),
        sa.Column("file_findings", Json(), nullable=False),
        sa.Column("attempts", BigId, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("version", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    for columns in (["class_id"], ["status"], ["ended_at"], ["organisation_id", "id"]):
        op.create_index(op.f(f"ix_imports_{'_'.join(columns)}"), "imports", columns)
    op.create_table(
        "import_parts",
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_parts_import_id_imports")
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_parts")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.String(36), nullable=False),
        sa.Column("line", BigId, nullable=False),
        sa.Column("outcome", sa.String(9), nullable=False),
        sa.Column("nomination_id", sa.String(36), nullable=True),
        sa.Column("findings", Json(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("pk_import_rows")),
    )


def downgrade() -> None:
    for table in ("import_rows", "import_parts", "imports"):
        op.drop_table(table)
