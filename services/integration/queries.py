"""Reading the change feed, each reader what concerns it.

A page costs one range of an index for each of the reader's terms, however long the feed is and however
little of it the reader may see.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.integration.cursors import read_cursor, write_cursor
from services.integration.domain import READS_EVERYTHING, Scope, sighting, terms_of
from services.integration.models import change_terms, changes
from services.integration.schemas import ChangesView, ChangeView
from shared.caller import Caller
from shared.copies import list_copies
from shared.events.policy import ACTS, known_pack
from shared.events.registry import CycleState


async def list_changes(
    session: AsyncSession, caller: Caller, *, after: str | None, limit: int
) -> ChangesView:
    """Show what changed after a cursor, in the one order of the feed; without a cursor from its beginning."""
    scope = await scope_of(session, caller)
    start = 0 if after is None else read_cursor(after, scope.digest)
    rows = (await session.execute(_page(scope, start, limit))).all()
    shown = rows[:limit]
    return ChangesView(
        items=[view for row in shown if (view := _view(scope, row)) is not None],
        next=write_cursor(shown[-1].number if shown else start, scope.digest),
        more=len(rows) > limit,
    )


async def scope_of(session: AsyncSession, caller: Caller) -> Scope:
    """Name a caller by its terms; a pack that is only drafted gives nobody anything."""
    if caller.kind == READS_EVERYTHING:
        return Scope(None)
    cycles = [CycleState.model_validate(one.data) for one in await list_copies(session, CycleState.RESOURCE)]
    acts = [
        (cycle.id, act)
        for cycle in cycles
        if cycle.status != "draft"
        for act in ACTS
        if caller.holds(act, known_pack(cycle.sha256, cycle.pack))
    ]
    return Scope(terms_of(caller.kind, caller.organisation_id, acts))


def _page(scope: Scope, start: int, limit: int) -> Select[Any]:
    """Select one change more than the page shows."""
    if scope.terms is None:
        return select(changes).where(changes.c.number > start).order_by(changes.c.number).limit(limit + 1)
    found = _found(scope.terms, start, limit + 1)
    return select(changes).where(changes.c.number.in_(found)).order_by(changes.c.number)


def _found(terms: Iterable[str], start: int, most: int) -> Select[Any]:
    """Find the next numbers of each term, and of these the first."""
    of_terms = [
        select(change_terms.c.number)
        .where(change_terms.c.term == term, change_terms.c.number > start)
        .order_by(change_terms.c.number)
        .limit(most)
        .subquery()
        for term in sorted(terms)
    ]
    every = union_all(*(select(one.c.number) for one in of_terms)).subquery()
    return select(every.c.number).distinct().order_by(every.c.number).limit(most)


def _view(scope: Scope, row: Row[Any]) -> ChangeView | None:
    seen = sighting(scope, row.before, row.after)
    if seen is None:
        return None
    change, entered = seen
    return ChangeView(
        change=change,
        entered=entered,
        resource=row.resource,
        id=row.aggregate_id,
        version=row.version,
        time=row.time,
        cycle=row.cycle,
        data=row.data if change == "upsert" else None,
    )
