"""Asking for many rows by their keys, in one statement that stays the same however many there are.

A list of a thousand parameters is compiled, prepared and planned anew for every other length; on PostgreSQL
the keys go as one array. They are joined like rows: a plan that was kept from when the table was small then
reads the table once, and does not look through a thousand keys for each of its rows.
Part of the door between the two homes (`shared/database.py`).
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute


def among(
    session: AsyncSession, column: InstrumentedAttribute[Any] | ColumnElement[Any], keys: Iterable[Any]
) -> ColumnElement[bool]:
    """Tell of a row whether its column has one of these keys; of none, that it has not."""
    asked = sorted(set(keys))
    if session.get_bind().dialect.name != "postgresql":
        return column.in_(asked)
    return column.in_(select(func.unnest(bindparam(None, asked, type_=ARRAY(column.type)))))
