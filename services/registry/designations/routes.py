"""HTTP in: designations. Who is designated is public."""

from typing import Annotated

from fastapi import Query

from services.registry.designations import commands, queries
from services.registry.designations.schemas import DesignateInstitution, DesignationView
from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["designations"])


@routes.post("/v1/designations", summary="Designate institutions", **callers(act="designate_institutions"))
async def designate_institutions(
    body: Items[DesignateInstitution], session: Writing, caller: Asking, now: Now
) -> Results[DesignationView]:
    """Designate institutions for kinds of class, with assessment and selection record."""
    return await each(
        session,
        body.items,
        lambda asked: commands.designate_institution(session, asked, caller=caller, now=now),
    )


@routes.get("/v1/designations", summary="List designations", **callers(anyone=True))
async def list_designations(
    session: Reading,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    institution_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[DesignationView]:
    """List designations of all cycles or one."""
    return await queries.list_designations(session, paging, cycle_id=cycle_id, institution_id=institution_id)


@routes.get("/v1/designations/{designation_id}", summary="Get a designation", **callers(anyone=True))
async def get_designation(designation_id: str, session: Reading) -> DesignationView:
    """Get one designation."""
    return await queries.get_designation(session, designation_id)
