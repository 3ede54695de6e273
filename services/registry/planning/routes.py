"""HTTP in: plans of departments, seats, coverage."""

from typing import Annotated

from fastapi import Query

from services.registry.planning import allotting, commands, coverage, queries
from services.registry.planning.schemas import (
    AllotSeats,
    CoverageView,
    DepartmentPlanView,
    PutDepartmentPlan,
    SeatAllotmentView,
)
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import CycleId

routes = router(tags=["planning"])

OfCycle = Annotated[str | None, Query(max_length=100)]
OfOrganisation = Annotated[str | None, Query(max_length=36)]


@routes.put(
    "/v1/department-plans/{cycle_id}", summary="Put a department's plan", **callers(kinds=("department",))
)
async def put_department_plan(
    cycle_id: CycleId, body: PutDepartmentPlan, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> DepartmentPlanView:
    """Say how many the department means to send to classes of each kind; replaces what it said before."""
    row = await commands.put_department_plan(
        session, cycle_id, body, caller=caller, now=now, if_match=if_match
    )
    return (await queries.view_plans(session, [row]))[0]


@routes.get("/v1/department-plans", summary="List plans of departments", **callers(signed_in=True))
async def list_department_plans(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: OfCycle = None,
    department_id: OfOrganisation = None,
) -> Page[DepartmentPlanView]:
    """List one's own plan, or for who approves classes or tracks those of all, beside the trainees so far."""
    return await queries.list_plans(session, paging, caller, cycle_id=cycle_id, department_id=department_id)


@routes.post("/v1/seat-allotments", summary="Allot seats", **callers(act="approve_classes"))
async def allot_seats(
    body: Items[AllotSeats], session: Writing, caller: Asking, now: Now
) -> Results[SeatAllotmentView]:
    """Allot seats to departments in the cycle, with an institution or in a class; said again, it replaces."""
    return await allotting.allot_seats(session, body.items, caller=caller, now=now)


@routes.get("/v1/seat-allotments", summary="List allotted seats", **callers(signed_in=True))
async def list_seat_allotments(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: OfCycle = None,
    department_id: OfOrganisation = None,
    class_id: OfOrganisation = None,
) -> Page[SeatAllotmentView]:
    """List the seats that concern the caller beside those taken; a report, never a gate."""
    return await queries.list_allotments(
        session, paging, caller, cycle_id=cycle_id, department_id=department_id, class_id=class_id
    )


@routes.get("/v1/coverage", summary="Report what the training plans cover", **callers(signed_in=True))
async def get_coverage(
    session: Reading, _caller: Asking, cycle_id: CycleId, lead_id: OfOrganisation = None
) -> CoverageView:
    """Count classes and minutes by direction, key field, mode and method, and name what no plan has."""
    return await coverage.get_coverage(session, cycle_id, lead_id=lead_id)
