"""Whether a class has both modes of each pair (C11) and the visits of its plan: a report, never a gate."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.learning.models import Session
from services.enrollment.learning.queries import find_visible_class
from services.enrollment.learning.schemas import CompletenessView, ModeView, PairView, VisitView
from services.enrollment.plan import PlannedClass
from shared.caller import Caller
from shared.events.policy.vocabulary import SessionMode


async def report_completeness(session: AsyncSession, caller: Caller, class_id: str) -> CompletenessView:
    """Count the sessions of a class by mode, for each pair that the pack wants together, and its visits."""
    planned = await find_visible_class(session, caller, class_id)
    held = func.count().filter(Session.attended > 0)
    counts = select(Session.mode, func.count(), held).where(Session.class_id == class_id)
    found = {
        mode: (sessions, attended)
        for mode, sessions, attended in await session.execute(counts.group_by(Session.mode))
    }
    pairs = [
        _pair(pair, modes, found)
        for pair, modes in groupby(
            sorted((one for one in planned.pack.session_modes if one.pair), key=lambda one: str(one.pair)),
            key=lambda one: str(one.pair),
        )
    ]
    visits = await _visits(session, planned)
    return CompletenessView(
        class_id=class_id,
        pairs=pairs,
        complete=all(pair.both_held for pair in pairs),
        visits=visits,
        visits_planned=len(visits),
        visits_held=sum(visit.held for visit in visits),
    )


async def _visits(session: AsyncSession, planned: PlannedClass) -> list[VisitView]:
    """Set the visits of the plan beside the sessions that name them, by number and host."""
    wanted = select(Session).where(Session.class_id == planned.state.id, Session.planned_visit.is_not(None))
    carried: dict[tuple[int | None, str | None], list[Session]] = defaultdict(list)
    for row in await session.scalars(wanted.order_by(Session.starts_at, Session.id)):
        carried[row.planned_visit, row.visit_host].append(row)
    return [
        VisitView(
            **visit.model_dump(),
            session_ids=[row.id for row in carried[visit.number, visit.host]],
            held=any(row.attended for row in carried[visit.number, visit.host]),
        )
        for visit in planned.state.planned_visits
    ]


def _pair(pair: str, modes: Iterable[SessionMode], found: dict[str, tuple[int, int]]) -> PairView:
    rows = []
    for mode in modes:
        planned, held = found.get(mode.code, (0, 0))
        rows.append(ModeView(mode=mode.code, zh=mode.zh, en=mode.en, planned=planned, held=held))
    return PairView(
        pair=pair,
        modes=rows,
        both_planned=all(row.planned for row in rows),
        both_held=all(row.held for row in rows),
    )
