"""The waiting list of a class: who waits at which place, and the order that who runs the class gives it."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.plan import PlannedClass, get_class
from services.enrollment.rosters.domain import CLASSES_TAKING_ROSTERS, ClassTakesNoRosters
from services.enrollment.rosters.places import order_waiting
from services.enrollment.rosters.queue import IN_TURN, count_room, waiting_in
from services.enrollment.rosters.schemas import WaitingListView, WaitingView
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.database import Database
from shared.paging import AskedPage, apply, to_page
from shared.sealed import Sealer


async def list_waiting(
    session: AsyncSession, caller: Caller, sealer: Sealer, class_id: str, paging: AskedPage
) -> WaitingListView:
    """List who waits for a class, as far as the caller may see them; places count everybody who waits."""
    return await _shown(session, caller, sealer, await get_class(session, class_id), paging)


async def give_order(
    session: AsyncSession, caller: Caller, sealer: Sealer, class_id: str, first: Sequence[str]
) -> WaitingListView:
    """Let these come first, in this order, and all others follow as they stood."""
    planned = await get_class(session, class_id, held=True)
    planned.check_runner(caller)
    planned.check_cycle_open()
    if planned.state.status not in CLASSES_TAKING_ROSTERS:
        raise planned.refuse(ClassTakesNoRosters(class_id=class_id, state=planned.state.status))
    # Neither a roster nor another order is made of the same queue meanwhile, and nobody joins it.
    await Database.exclusive(session, f"rosters of {class_id}")
    await Database.exclusive(session, f"nominations of {class_id}")
    found = await session.execute(
        waiting_in(Nomination.id, Nomination.turn, class_id=class_id).order_by(*IN_TURN)
    )
    before = [(nomination_id, turn) for nomination_id, turn in found]
    turns = order_waiting(class_id, before, first)
    if moved := [{"id": one, "turn": turns[one]} for one, turn in before if turns[one] != turn]:
        await session.execute(update(Nomination), moved)
    return await _shown(session, caller, sealer, planned, AskedPage())


async def _shown(
    session: AsyncSession, caller: Caller, sealer: Sealer, planned: PlannedClass, paging: AskedPage
) -> WaitingListView:
    class_id = planned.state.id
    scope = scope_in_class(caller, planned)
    place = func.row_number().over(order_by=IN_TURN).label("place")
    placed = waiting_in(Nomination.id, place, class_id=class_id).subquery()
    wanted = select(Nomination, placed.c.place).join(placed, placed.c.id == Nomination.id)
    found = await session.execute(apply(wanted.where(scope.where(Nomination)), IN_TURN, paging))
    rows = found.all()
    places = {one.id: number for one, number in rows}
    persons = await get_persons(session, {one.person_id for one, _ in rows})

    def view(one: Nomination) -> WaitingView:
        return WaitingView.model_validate(
            {
                "place": places[one.id],
                "nomination_id": one.id,
                "arrival": one.number,
                "nominated_at": one.nominated_at,
                "person": masked(sealer, persons[one.person_id]),
                "enterprise_id": one.enterprise_id,
                "department_id": one.department_id,
                "channels": sorted(one.credits),
                "target_group": one.target_group,
            }
        )

    shown = to_page([one for one, _ in rows], IN_TURN, paging, view)
    room = await count_room(session, planned) if scope.covers_class(class_id) else None
    return WaitingListView(
        class_id=class_id, capacity=planned.state.capacity, room=room, items=shown.items, next=shown.next
    )
