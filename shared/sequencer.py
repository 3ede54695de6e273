"""One mechanism for every global order: rows commit unnumbered, and are numbered once they are committed.

Whoever gets the lock numbers what is committed, contiguously from 1, in order of the identity column: never
of a made-up id or of a time, which say nothing about commits. Readers see numbered rows only. So a reader who
has come to number n has missed nothing up to n, and no row precedes what its writer had seen committed. Who
followed the identity column instead would pass over rows that commit late.
"""

from collections.abc import Awaitable, Callable
from functools import cache

from sqlalchemy import Column, Index, Table, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import BigId, Database

BATCH = 1000

Then = Callable[[AsyncSession, int, int], Awaitable[None]]
"""Is told the first and the last number that were given, in the transaction that gives them."""


def sequence_columns(table: str) -> tuple[Column[int], Column[int | None], Index]:
    """Make the columns of a table whose rows are numbered, and the index of those that are not yet."""
    unnumbered = text("number IS NULL")
    return (
        Column("id", BigId, primary_key=True, autoincrement=True),
        Column("number", BigId, unique=True),
        Index(f"ix_{table}_unnumbered", "id", sqlite_where=unnumbered, postgresql_where=unnumbered),
    )


async def number(db: Database, table: Table, *, then: Then | None = None, batch: int = BATCH) -> int:
    """Give numbers to at most `batch` committed rows, and say to how many.

    None are left when it says 0, or another process is at it.
    """
    async with db.write() as session:
        if not await db.try_exclusive(session, f"sequence of {table.name}"):
            return 0
        # Only now: what the holder before us has numbered is committed and seen by this statement.
        last = await session.scalar(select(func.coalesce(func.max(table.c.number), 0))) or 0
        given = len((await session.execute(_numbering(table), {"last": last, "most": batch})).all())
        if given and then is not None:
            await then(session, last + 1, last + given)
    return given


@cache
def _numbering(table: Table):  # noqa: ANN202 - SQLAlchemy has no short word for it
    place = func.row_number().over(order_by=table.c.id)
    fresh = (
        select(table.c.id, (bindparam("last", type_=BigId) + place).label("number"))
        .where(table.c.number.is_(None))
        .order_by(table.c.id)
        .limit(bindparam("most"))
        .subquery("fresh")
    )
    return (
        update(table)
        .where(table.c.id == fresh.c.id)
        .values(number=fresh.c.number)
        .returning(table.c.id)
        .execution_options(synchronize_session=False)
    )
