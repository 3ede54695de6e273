"""HTTP in: conflicts of interest."""

from typing import Annotated

from fastapi import Query

from services.registry.conflicts import queries
from services.registry.conflicts.schemas import ConflictsView
from shared.caller import Asking, callers
from shared.edge import Reading, router

routes = router(tags=["conflicts"])


@routes.get("/v1/conflicts", summary="List conflicts of interest", **callers(signed_in=True))
async def list_conflicts(
    session: Reading, caller: Asking, cycle_id: Annotated[str, Query(max_length=100)]
) -> ConflictsView:
    """List who holds an act over the training of a cycle and teaches in it; an organisation sees itself."""
    return await queries.list_conflicts(session, caller, cycle_id=cycle_id)
