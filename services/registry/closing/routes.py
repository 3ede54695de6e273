"""HTTP in: the end of a cycle."""

from services.registry.closing import commands
from services.registry.cycles import queries
from services.registry.cycles.schemas import PolicyPackView
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Writing, router

routes = router(tags=["policy packs"])


@routes.post("/v1/policy-packs/{cycle_id}/closure", summary="Close a cycle", **callers(kinds=("bureau",)))
async def close_cycle(
    cycle_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> PolicyPackView:
    """End a cycle, once: it stays readable, and nobody acts in it any more.

    Refused while classes, rosters or evaluations have not come to their end.
    """
    await commands.close_cycle(session, cycle_id, caller=caller, now=now, if_match=if_match)
    return await queries.get_policy_pack(session, cycle_id)
