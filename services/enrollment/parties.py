"""Who has a role in which class: kept beside the copies, so that no list reads every class (Q11).

`keep_parties` runs in the transaction that brings the copies; both change together.
"""

from collections.abc import Sequence

from sqlalchemy import Index, Select, String, delete, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.plan import parties_of
from services.enrollment.tables import Row
from shared.events.registry import ClassState
from shared.listener import Brought


class ClassParty(Row, kw_only=True):
    """An organisation with a role in a class, as the last copy of the class shows it."""

    __tablename__ = "class_parties"
    __table_args__ = (Index(None, "organisation_id", "cycle_id"),)

    class_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    cycle_id: Mapped[str] = mapped_column(String(100))


def classes_of(organisation_id: str, cycle_id: str) -> Select[str]:
    """Select the classes of a cycle in which an organisation has a role."""
    return select(ClassParty.class_id).where(
        ClassParty.organisation_id == organisation_id, ClassParty.cycle_id == cycle_id
    )


async def keep_parties(session: AsyncSession, brought: Sequence[Brought]) -> None:
    """Write the parties of classes that have just been brought, where they are not written yet.

    The rows of the copies are locked: nobody else writes the parties of these classes.
    """
    states = [
        ClassState.model_validate(one.after.data)
        for one in brought
        if one.after.type == ClassState.state_type()
    ]
    if not states:
        return
    wanted = {(one.id, party): one.cycle_id for one in states for party in parties_of(one)}
    key = (ClassParty.class_id, ClassParty.organisation_id)
    written = select(*key, ClassParty.cycle_id).where(ClassParty.class_id.in_([one.id for one in states]))
    known = {(row.class_id, row.organisation_id): row.cycle_id for row in await session.execute(written)}
    if gone := sorted(one for one, cycle_id in known.items() if wanted.get(one) != cycle_id):
        await session.execute(delete(ClassParty).where(tuple_(*key).in_(gone)))
    rows = [
        {"class_id": class_id, "organisation_id": party, "cycle_id": cycle_id}
        for (class_id, party), cycle_id in sorted(wanted.items())
        if known.get((class_id, party)) != cycle_id
    ]
    if rows:
        await session.execute(insert(ClassParty), rows)
