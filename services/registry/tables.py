"""The base of every table row of this service, and how a row is inserted unless its like exists."""

from typing import Any, ClassVar, cast

from sqlalchemy import MetaData, Table
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, MappedAsDataclass

from shared.database import NAMING, TYPES, upsert


class Row(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = TYPES


async def insert_new(session: AsyncSession, row: Row) -> bool:
    """Insert a row unless a unique constraint already holds its like; say whether it was inserted.

    A twin in another transaction is waited for. The row itself stays outside the session.
    """
    table = cast("Table", row.__table__)
    values = {column.name: getattr(row, column.name) for column in table.columns}
    inserted = await session.execute(
        upsert(table).values(values).on_conflict_do_nothing().returning(*table.primary_key)
    )
    return inserted.first() is not None
