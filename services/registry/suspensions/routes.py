"""HTTP in: suspensions. Who is suspended is public; lifting one stands with its `consequences`."""

from typing import Annotated

from fastapi import Query

from services.registry.suspensions import queries
from services.registry.suspensions.schemas import SuspensionView
from shared.caller import callers
from shared.edge import Reading, router
from shared.paging import Page, Paging

routes = router(tags=["suspensions"])


@routes.get("/v1/suspensions", summary="List suspensions", **callers(anyone=True))
async def list_suspensions(
    session: Reading,
    paging: Paging,
    evaluated_cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    institution_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[SuspensionView]:
    """List suspensions, waiting, in force and lifted; of all institutions or one."""
    return await queries.list_suspensions(
        session, paging, evaluated_cycle_id=evaluated_cycle_id, institution_id=institution_id
    )


@routes.get("/v1/suspensions/{suspension_id}", summary="Get a suspension", **callers(anyone=True))
async def get_suspension(suspension_id: str, session: Reading) -> SuspensionView:
    """Get one suspension: by which evaluation, on which ground, barring which cycle."""
    return await queries.get_suspension(session, suspension_id)
