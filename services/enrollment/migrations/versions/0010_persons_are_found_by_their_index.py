"""Persons are found by their index: it leads the key, since nearly all have the same kind of document."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BY_KIND = ["document_kind", "number_index"]
_BY_INDEX = ["number_index", "document_kind"]


def upgrade() -> None:
    _exchange(_BY_KIND, _BY_INDEX)


def downgrade() -> None:
    _exchange(_BY_INDEX, _BY_KIND)


def _exchange(old: list[str], new: list[str]) -> None:
    with op.batch_alter_table("persons", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"uq_persons_{'_'.join(old)}"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(f"uq_persons_{'_'.join(new)}"), new)
