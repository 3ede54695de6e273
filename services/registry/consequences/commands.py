"""Begin and end suspensions with all that follows: designations turn, classes not yet running are returned.

Suspensions stand below designations, which ask them; what they do to designations and classes stands
here, above both. Locks are taken as `suspensions/states.py` says.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.commands.barred import lock_unstarted, return_barred
from services.registry.cycles.queries import find_follower, get_kept_pack
from services.registry.designations.commands import follow_suspensions, note_evaluations
from services.registry.designations.queries import list_bars
from services.registry.organisations.queries import list_members
from services.registry.suspensions.commands import end_suspension, keep_suspension, note_judgements
from services.registry.suspensions.domain import SuspensionUnknown
from services.registry.suspensions.models import Suspension
from services.registry.suspensions.states import hold
from shared.caller import Caller, CallerNotAllowed
from shared.events.evaluation import EvaluationCompleted, SuspensionDecided
from shared.headers import check_version


async def suspend_institution(
    session: AsyncSession, decided: SuspensionDecided, *, revision: int | None, now: datetime
) -> None:
    """Bar an institution from the cycle that follows the evaluated one; once, however often it is heard."""
    await hold(session)
    follower = await find_follower(session, decided.evaluated_cycle_id)
    changed = await keep_suspension(session, decided, revision=revision, barred_cycle_id=follower, now=now)
    await carry_out(session, changed, now)


async def complete_evaluation(
    session: AsyncSession, completed: EvaluationCompleted, *, cycle_id: str, now: datetime
) -> None:
    """Show a final round on the designations of its cycle, and lift the suspensions that it replaces."""
    await hold(session)
    lifted = await note_judgements(
        session, cycle_id, completed.round_id, completed.number, completed.rows, now
    )
    await carry_out(session, lifted, now)
    judged = {row.institution_id for row in completed.rows}
    await note_evaluations(session, cycle_id, judged | await list_members(session, judged), now)


async def lift_suspension(
    session: AsyncSession,
    suspension_id: str,
    reason: str,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> None:
    """End a suspension for a reason; whoever the pack of the evaluated cycle lets do so may.

    An imported one has no such pack: that of the barred cycle says who, and the bureau while none is.
    """
    known = await session.get(Suspension, suspension_id)
    if known is None:
        raise SuspensionUnknown(suspension_id)
    await _check_may_lift(session, known, caller)
    await hold(session)
    row = await session.get_one(Suspension, suspension_id, with_for_update=True, populate_existing=True)
    check_version(row.version, if_match)
    changed = await end_suspension(session, row, reason, by=caller.principal, now=now)
    await carry_out(session, changed, now)


async def _check_may_lift(session: AsyncSession, known: Suspension, caller: Caller) -> None:
    """Ask the pack, be its cycle closed by now: what a closed cycle has decided can still be ended."""
    cycle_id = known.barred_cycle_id if known.imported else known.evaluated_cycle_id
    if cycle_id is None:
        if caller.kind != "bureau":
            raise CallerNotAllowed(kind=caller.kind, allowed=("bureau",))
        return
    revision = None if known.imported else known.revision
    caller.require("lift_suspensions", (await get_kept_pack(session, cycle_id, revision)).pack)


async def carry_out(session: AsyncSession, changed: Collection[Suspension], now: datetime) -> None:
    """Let designations and classes of the barred cycles follow suspensions that began or ended.

    Only what a suspension bars is returned: a class that ended up with its filer is filed again by it.
    """
    named: dict[str, set[str]] = defaultdict(set)
    for suspension in changed:
        if suspension.barred_cycle_id is not None:
            named[suspension.barred_cycle_id].add(suspension.institution_id)
    for cycle_id, institutions in named.items():
        concerned = institutions | await list_members(session, institutions)
        bars = await list_bars(session, cycle_id, concerned)
        if bars:
            await lock_unstarted(session, cycle_id, bars)
        await follow_suspensions(session, cycle_id, concerned, now)
        if bars:
            await return_barred(session, cycle_id, bars, now)
