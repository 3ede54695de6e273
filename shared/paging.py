"""Pages of a list by keyset: a cursor is the key of the last row shown, opaque and never an offset.

A page costs the same however deep it lies, and rows that are added meanwhile neither repeat nor
hide others. The last key column must be unique.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from sqlalchemy import ColumnElement, Date, Integer, Select, and_, literal, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.elements import KeyedColumnElement

from shared.database import Instant
from shared.schemas import LARGEST_INTEGER, View, can_store

MOST_ITEMS = 1000
_USUAL_ITEMS = 100
_LONGEST_CURSOR = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

V = TypeVar("V")
R = TypeVar("R")
S = TypeVar("S", bound=Select[*tuple[Any, ...]])
Key = InstrumentedAttribute[Any] | KeyedColumnElement[Any]


class CursorMalformed(Exception):
    """The cursor was not given by this list."""


class Page(View, Generic[V]):
    """A page of a list; `next` is the cursor for `after`, absent on the last page."""

    items: list[V]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class AskedPage:
    """What the client asks for: how many items, after which cursor."""

    limit: int = _USUAL_ITEMS
    after: str | None = None


async def _asked_page(
    limit: Annotated[
        int, Query(ge=1, le=MOST_ITEMS, description="最多返回多少项 / how many items")
    ] = _USUAL_ITEMS,
    after: Annotated[str | None, Query(description="上一页的 next / `next` of the page before")] = None,
) -> AskedPage:
    return AskedPage(limit, after)


Paging = Annotated[AskedPage, Depends(_asked_page)]


async def page(
    session: AsyncSession,
    statement: Select[R],
    keys: Sequence[Key],
    paging: AskedPage,
    view: Callable[[R], V],
    *,
    descending: bool = False,
) -> Page[V]:
    """Read one page of a `select(Row)` in the order of `keys`."""
    rows = await session.scalars(apply(statement, keys, paging, descending=descending))
    return to_page(rows.all(), keys, paging, view)


def apply(statement: S, keys: Sequence[Key], paging: AskedPage, *, descending: bool = False) -> S:
    """Order a statement by its keys, begin after the cursor, and read one row more than the page holds."""
    if paging.after is not None:
        statement = statement.where(_beyond(keys, decode(paging.after, keys), descending=descending))
    order = [key.desc() if descending else key.asc() for key in keys]
    return statement.order_by(*order).limit(paging.limit + 1)


def to_page(rows: Sequence[R], keys: Sequence[Key], paging: AskedPage, view: Callable[[R], V]) -> Page[V]:
    """Make a page of the rows that an applied statement gave."""
    shown = rows[: paging.limit]
    last = [getattr(shown[-1], key.key) for key in keys] if len(rows) > paging.limit else None
    return Page(items=[view(row) for row in shown], next=None if last is None else encode(last))


def encode(values: Sequence[Any]) -> str:
    """Write a cursor."""
    text = json.dumps([_written(value) for value in values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(cursor: str, keys: Sequence[Key]) -> list[Any]:
    """Read a cursor of a list that has these keys."""
    if len(cursor) > _LONGEST_CURSOR:
        raise CursorMalformed
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        written = json.loads(text)
        if not isinstance(written, list):
            raise CursorMalformed
        return [_read(value, key) for value, key in zip(written, keys, strict=True)]
    except (ValueError, OverflowError, RecursionError) as error:
        raise CursorMalformed from error


def _written(value: object) -> str | int:
    match value:
        case datetime():
            return (value - _EPOCH) // _MICROSECOND
        case date():
            return value.isoformat()
        case int():
            return int(value)
        case _:
            return str(value)


def _read(value: object, key: Key) -> Any:
    match value, key.type:
        case int(), Instant():
            return _EPOCH + value * _MICROSECOND
        case str(), Date():
            return date.fromisoformat(value)
        case int(), Integer() if abs(value) <= LARGEST_INTEGER:
            return value
        case str(), kind if not isinstance(kind, Integer | Instant) and can_store(value):
            return value
        case _:
            raise CursorMalformed


def _beyond(keys: Sequence[Key], values: Sequence[Any], *, descending: bool) -> ColumnElement[bool]:
    """Say `(a, b) > (x, y)` so that both databases use an index: `a >= x AND (a > x OR b > y)`."""
    (key, *other_keys), (value, *other_values) = keys, values
    bound = literal(value, key.type)
    further = key < bound if descending else key > bound
    if not other_keys:
        return further
    reached = key <= bound if descending else key >= bound
    return and_(reached, or_(further, _beyond(other_keys, other_values, descending=descending)))
