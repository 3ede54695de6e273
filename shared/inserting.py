"""Inserting many rows at once: COPY on PostgreSQL, one executemany on SQLite, which is as fast there.

Part of the door between the two homes (`shared/database.py`). The rows are of Python values, as for any
other insert; every row names the same columns, and columns that none of them names take the defaults of the
database. A default that is made here must be given, because COPY knows nothing of it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Dialect, FromClause, Table, insert, text
from sqlalchemy.ext.asyncio import AsyncSession

from shared.database import upsert
from shared.postgres import UniqueViolation

_WORTH_COPYING = 50
"""Fewer rows than this are inserted one statement as well: a COPY has a price of its own."""


async def insert_rows(
    session: AsyncSession,
    table: FromClause,
    rows: Sequence[Mapping[str, Any]],
    *,
    skip_existing: bool = False,
) -> bool:
    """Insert rows in their order; with `skip_existing` those that meet a unique row are left out.

    False: some may have been left out. True: there is no need to look.

    Of rows that others may insert at the same time give the same order everywhere, so that two of these
    wait for each other and never in a circle.
    """
    if not rows:
        return True
    into = cast("Table", table)  # which a mapped class calls a clause
    if lacking := [one.name for one in into.columns if one.default is not None and one.name not in rows[0]]:
        raise TypeError(f"rows of {into.name} lack {', '.join(lacking)}")
    if session.get_bind().dialect.name != "postgresql" or len(rows) < _WORTH_COPYING:
        statement = upsert(into).on_conflict_do_nothing() if skip_existing else insert(into)
        await session.execute(statement, list(rows))
        return not skip_existing
    if not skip_existing:
        await _copy(session, into.name, into, rows)
        return True
    # Whoever inserts has mostly looked before, so nearly always all are new.
    try:
        async with session.begin_nested():
            await _copy(session, into.name, into, rows)
    except UniqueViolation:
        await _copy_new(session, into, rows)
        return False
    return True


async def count_anew(session: AsyncSession, *tables: FromClause) -> None:
    """Let the database look how large these tables have become; SQLite does so by itself.

    A plan that was made for an empty table is kept, and reads the whole of one that has grown a thousandfold,
    until statistics are taken anew; by itself PostgreSQL does that after a minute or more. A small sample is
    enough to choose an index.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET LOCAL default_statistics_target = 10"))
        await session.execute(text(f"ANALYZE {', '.join(cast('Table', one).name for one in tables)}"))


async def _copy_new(session: AsyncSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """COPY knows no conflicts: the rows go to a table of this transaction first."""
    staging = f"incoming_{table.name}"
    columns = ", ".join(rows[0])
    await session.execute(
        text(f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {table.name}) ON COMMIT DROP")
    )
    await _copy(session, staging, table, rows)
    # Names of tables and columns are those of the models; nothing here comes from a request.
    moved = f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {staging} ON CONFLICT DO NOTHING"  # noqa: S608
    await session.execute(text(moved))
    await session.execute(text(f"TRUNCATE {staging}"))


async def _copy(session: AsyncSession, target: str, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    connection = await session.connection()
    # The transaction of SQLAlchemy begins with its first statement; COPY goes past it.
    await connection.execute(text("SELECT 1"))
    names = list(rows[0])
    columns = [
        _bound([row[name] for row in rows], _binder(table, name, connection.dialect)) for name in names
    ]
    records = list(zip(*columns, strict=True))
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise RuntimeError("the connection has no driver")
    await driver.copy_records_to_table(target, records=records, columns=names)


def _bound(values: list[Any], bind: Callable[[Any], Any] | None) -> list[Any]:
    """Turn the values of a column into what the driver takes; what many rows share is turned once."""
    if bind is None:
        return values
    turned = {id(value): value for value in values}
    turned = {key: bind(value) for key, value in turned.items()}
    return [turned[id(value)] for value in values]


def _binder(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    """Find what turns a value of this column into what the driver takes."""
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
