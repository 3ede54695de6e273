"""What plans and seats can tell: to the department, the institution, and who approves classes or tracks."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import list_packs_told
from services.registry.planning.models import DepartmentPlan, SeatAllotment
from services.registry.planning.schemas import DepartmentPlanView, PlannedKind, SeatAllotmentView
from services.registry.planning.states import READING_ACTS
from services.registry.planning.taken import count_by_kind, count_taken
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_plans(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    department_id: str | None,
) -> Page[DepartmentPlanView]:
    own = DepartmentPlan.department_id == caller.organisation_id
    asked = select(DepartmentPlan).where(await _seen(session, caller, DepartmentPlan, own))
    if cycle_id is not None:
        asked = asked.where(DepartmentPlan.cycle_id == cycle_id)
    if department_id is not None:
        asked = asked.where(DepartmentPlan.department_id == department_id)
    rows = await page(session, asked, [DepartmentPlan.id], paging, lambda row: row)
    return Page(items=await view_plans(session, rows.items), next=rows.next)


async def view_plans(session: AsyncSession, rows: Sequence[DepartmentPlan]) -> list[DepartmentPlanView]:
    """Show plans beside the trainees whom the departments have."""
    enrolled = await count_by_kind(
        session, {row.department_id for row in rows}, {row.cycle_id for row in rows}
    )
    return [_plan_view(row, enrolled) for row in rows]


def _plan_view(row: DepartmentPlan, enrolled: dict[tuple[str, str, str], int]) -> DepartmentPlanView:
    planned = {one["kind"]: one["heads"] for one in row.kinds}
    here = {
        kind: count
        for (cycle, home, kind), count in enrolled.items()
        if (cycle, home) == (row.cycle_id, row.department_id)
    }
    unplanned = sorted(here.keys() - planned.keys())
    return DepartmentPlanView(
        id=row.id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        department_id=row.department_id,
        kinds=[
            PlannedKind(kind=kind, planned=planned.get(kind, 0), enrolled=here.get(kind, 0))
            for kind in (*planned, *unplanned)
        ],
        note=row.note,
        put_at=row.put_at,
        version=row.version,
    )


async def list_allotments(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    department_id: str | None,
    class_id: str | None,
) -> Page[SeatAllotmentView]:
    own = or_(
        SeatAllotment.department_id == caller.organisation_id,
        SeatAllotment.institution_id == caller.organisation_id,
    )
    asked = select(SeatAllotment).where(await _seen(session, caller, SeatAllotment, own))
    for column, wanted in (
        (SeatAllotment.cycle_id, cycle_id),
        (SeatAllotment.department_id, department_id),
        (SeatAllotment.class_id, class_id),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    rows = await page(session, asked, [SeatAllotment.id], paging, lambda row: row)
    views = await view_allotments(session, rows.items)
    return Page(items=[views[row.id] for row in rows.items], next=rows.next)


async def view_allotments(
    session: AsyncSession, rows: Sequence[SeatAllotment]
) -> dict[str, SeatAllotmentView]:
    """Show allotments beside the seats taken, by their ids."""
    taken = await count_taken(session, [row.id for row in rows])
    return {
        row.id: SeatAllotmentView(
            id=row.id,
            cycle_id=row.cycle_id,
            revision=row.revision,
            department_id=row.department_id,
            institution_id=row.institution_id,
            class_id=row.class_id,
            seats=row.seats,
            taken=taken.get(row.id, 0),
            free=row.seats - taken.get(row.id, 0),
            allotted_at=row.allotted_at,
            version=row.version,
        )
        for row in rows
    }


async def _seen(
    session: AsyncSession,
    caller: Caller,
    table: type[DepartmentPlan] | type[SeatAllotment],
    own: ColumnElement[bool],
) -> ColumnElement[bool]:
    """Say which rows the caller may see."""
    if caller.kind == "bureau":
        return true()
    packs = await list_packs_told(session)
    read = [pack.cycle_id for pack in packs if any(caller.holds(act, pack) for act in READING_ACTS)]
    return or_(own, table.cycle_id.in_(read))
