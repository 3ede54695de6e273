"""HTTP in: the dry run of a policy pack."""

from fastapi import Request

from services.registry.cycles.commands import read_pack
from services.registry.cycles.schemas import LoadPolicyPack
from services.registry.dryruns import queries
from services.registry.dryruns.schemas import DryRunView
from shared.caller import callers
from shared.edge import Now, Reading, router
from shared.events.policy import PackInvalid

routes = router(tags=["policy packs"])


@routes.post("/v1/policy-packs/dry-run", summary="Try a policy pack", **callers(kinds=("bureau",)))
async def try_policy_pack(body: LoadPolicyPack, request: Request, session: Reading, now: Now) -> DryRunView:
    """Tell the faults of a pack, or what it changes and what would not fit it; nothing is stored."""
    try:
        pack = read_pack(body.yaml, body.document)
    except PackInvalid as invalid:
        return queries.refused(invalid)
    return await queries.try_pack(session, pack, sealer=request.app.state.sealer, now=now)
