"""Reading the change feed, each reader what concerns it.

A page costs one range of an index for each of the reader's terms, however long the feed is and however
little of it the reader may see.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Integer, Row, Select, bindparam, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from services.integration.cursors import read_cursor, write_cursor
from services.integration.domain import READS_EVERYTHING, Scope, sighting
from services.integration.models import change_terms, changes
from services.integration.schemas import ChangesView, ChangeView
from shared.caller import Caller
from shared.copies import list_copies
from shared.database import BigId
from shared.events.audience import PUBLIC, act_term, kind_term, organisation_term
from shared.events.policy import ACTS, known_pack
from shared.events.registry import CycleState

MOST_UNITED = 400
"""SQLite unites no more than 500 selects at once; who holds all acts of forty cycles has as many terms."""

_START = bindparam("start", type_=BigId)
_MOST = bindparam("most", type_=Integer())
_EVERYTHING = select(changes).where(changes.c.number > _START).order_by(changes.c.number).limit(_MOST)


async def list_changes(
    session: AsyncSession, caller: Caller, *, after: str | None, limit: int
) -> ChangesView:
    """Show what changed after a cursor, in the one order of the feed; without a cursor from its beginning."""
    scope = await scope_of(session, caller)
    start = 0 if after is None else read_cursor(after, scope)
    rows = await _find(session, scope, start, limit + 1)
    shown = rows[:limit]
    return ChangesView(
        items=[view for row in shown if (view := _view(scope, row)) is not None],
        next=write_cursor(shown[-1].number if shown else start, scope),
        more=len(rows) > limit,
    )


async def scope_of(session: AsyncSession, caller: Caller) -> Scope:
    """Name a caller by its terms; a pack that is only drafted gives nobody anything."""
    reader = caller.organisation_id or caller.principal
    if caller.kind == READS_EVERYTHING:
        return Scope(reader, None)
    cycles = [CycleState.model_validate(one.data) for one in await list_copies(session, CycleState.RESOURCE)]
    terms = {PUBLIC, kind_term(caller.kind)}
    if caller.organisation_id is not None:
        terms.add(organisation_term(caller.organisation_id))
    for cycle in cycles:
        if cycle.status != "draft":
            pack = known_pack(cycle.sha256, cycle.pack)
            for act in ACTS:
                if caller.holds(act, pack):
                    terms |= {act_term(act, cycle.id), act_term(act)}
    return Scope(reader, frozenset(terms))


async def _find(session: AsyncSession, scope: Scope, start: int, most: int) -> Sequence[Row[Any]]:
    asked: dict[str, object] = {"start": start, "most": most}
    if scope.terms is None:
        return (await session.execute(_EVERYTHING, asked)).all()
    terms = {f"term_{place}": term for place, term in enumerate(sorted(scope.terms))}
    return (await session.execute(_found(len(terms)), asked | terms)).all()


@cache
def _found(terms: int) -> Select[Any]:
    """Select the next changes of so many terms, and of these the first; made once, for it is long."""
    seen = [select(_next(f"term_{place}").subquery().c.number) for place in range(terms)]
    while len(seen) > MOST_UNITED:
        parts = [seen[at : at + MOST_UNITED] for at in range(0, len(seen), MOST_UNITED)]
        seen = [select(union(*part).subquery().c.number) for part in parts]
    every = union(*seen).subquery()
    first = select(every.c.number).order_by(every.c.number).limit(_MOST)
    return select(changes).where(changes.c.number.in_(first)).order_by(changes.c.number)


def _next(term: str) -> Select[Any]:
    """Select the next numbers of one term."""
    here = select(change_terms.c.number).where(change_terms.c.term == bindparam(term))
    return here.where(change_terms.c.number > _START).order_by(change_terms.c.number).limit(_MOST)


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
