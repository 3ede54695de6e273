"""Bulk operations: up to 1,000 items in, a result per item out.

A malformed item refuses the whole request; a refusal by the domain is that item's own result and
leaves the others standing.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import Field
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from shared.copywatch import MAY_WAIT, RestsOnCopy
from shared.faults import refusal_of
from shared.problems import Problem, fault_of, item_problem
from shared.schemas import Request, View

T = TypeVar("T")
V = TypeVar("V")

MOST_ITEMS = 1000


class Items(Request, Generic[T]):
    """What a bulk operation takes."""

    items: Annotated[list[T], Field(min_length=1, max_length=MOST_ITEMS)]


class ItemResult(View, Generic[V]):
    """What became of one item: a value, or the problem that refused it."""

    index: int
    status: int
    value: V | None = None
    problem: Problem | None = None


class Results(View, Generic[V]):
    """What a bulk operation answers, in the order of the items."""

    results: list[ItemResult[V]]


class SomeRestOnCopies(RestsOnCopy):
    """Items of a bulk request rest on copies; when waiting is over, each gets its own refusal."""


async def each(
    session: AsyncSession,
    items: Sequence[T],
    run: Callable[[T], Awaitable[V]],
    *,
    status: int = 201,
) -> Results[V]:
    """Run each item in a savepoint; a named error undoes that item alone and becomes its problem."""
    results: list[ItemResult[V]] = []
    for index, item in enumerate(items):
        try:
            async with session.begin_nested():
                value = await run(item)
        except RestsOnCopy as lag:
            results.append(refuse(session, index, lag))
        except IntegrityError as error:
            if (refusal := refusal_of(error)) is None:
                raise
            results.append(refused(index, refusal))
        except Exception as error:
            if fault_of(error) is None:
                raise
            results.append(refused(index, error))
        else:
            results.append(ItemResult[V](index=index, status=status, value=value))
    return Results[V](results=results)


def refuse(session: AsyncSession, index: int, error: Exception) -> ItemResult[V]:
    """Make the result of an item that a command refuses; a copy that may still come is waited for first."""
    if not isinstance(error, RestsOnCopy):
        return refused(index, error)
    if session.info.get(MAY_WAIT) and error.may_change_soon:
        raise SomeRestOnCopies(error.refusal, error.aggregate, error.seen) from None
    return refused(index, error.refusal)


def refused(index: int, error: Exception) -> ItemResult[V]:
    """Make the result of an item that a named error refused."""
    problem = item_problem(error, index)
    return ItemResult(index=index, status=problem.status, problem=problem)
