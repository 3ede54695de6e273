"""HTTP in: policy packs. Reading them is open to everybody."""

from typing import Annotated

from fastapi import Path, Query, Request, Response

from services.registry.cycles import commands, queries
from services.registry.cycles.diffing import Aspect, PackDiffView, get_diff
from services.registry.cycles.schema import SchemaAnswer
from services.registry.cycles.schemas import (
    LoadPolicyPack,
    PackRevisionView,
    PolicyPackView,
    RevisePolicyPack,
    WholePackRevisionView,
    WholePolicyPackView,
)
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import LARGEST_COUNT, CycleId

routes = router(tags=["policy packs"])


@routes.post("/v1/policy-packs", summary="Load a policy pack", status_code=201, **callers(kinds=("bureau",)))
async def load_policy_pack(
    body: LoadPolicyPack, session: Writing, caller: Asking, now: Now, if_match: IfMatch, response: Response
) -> PolicyPackView:
    """Keep a pack as the draft of its cycle, in place of the draft before; an active pack is refused."""
    pack = commands.read_pack(body.yaml, body.document)
    cycle_id = await commands.load_policy_pack(session, pack, caller=caller, now=now, if_match=if_match)
    response.headers["Location"] = f"/v1/policy-packs/{cycle_id}"
    return await queries.get_policy_pack(session, cycle_id)


@routes.post(
    "/v1/policy-packs/{cycle_id}/activation",
    summary="Put a policy pack in force",
    **callers(kinds=("bureau",)),
)
async def activate_policy_pack(
    cycle_id: str, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> PolicyPackView:
    """Put a draft in force, once; from then on it judges what is done in the cycle."""
    await commands.activate_policy_pack(session, cycle_id, caller=caller, now=now, if_match=if_match)
    return await queries.get_policy_pack(session, cycle_id)


@routes.post(
    "/v1/policy-packs/{cycle_id}/revisions",
    summary="Correct a policy pack",
    status_code=201,
    **callers(kinds=("bureau",)),
)
async def revise_policy_pack(
    cycle_id: str,
    body: RevisePolicyPack,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
    response: Response,
) -> WholePackRevisionView:
    """Put a corrected pack in force; what was submitted before is judged by the revision of then."""
    pack = commands.read_pack(body.yaml, body.document)
    given = {"caller": caller, "now": now, "if_match": if_match}
    revision = await commands.revise_policy_pack(session, cycle_id, pack, body.reason, **given)
    response.headers["Location"] = f"/v1/policy-packs/{cycle_id}/revisions/{revision}"
    return await queries.get_revision(session, cycle_id, revision)


@routes.get(
    "/v1/policy-packs/{cycle_id}/revisions", summary="List the revisions of a pack", **callers(anyone=True)
)
async def list_pack_revisions(cycle_id: str, session: Reading, paging: Paging) -> Page[PackRevisionView]:
    """List what is and what was in force, with the reason and the author of each correction."""
    return await queries.list_revisions(session, cycle_id, paging)


@routes.get(
    "/v1/policy-packs/{cycle_id}/revisions/{revision}",
    summary="Get a revision of a pack",
    **callers(anyone=True),
)
async def get_pack_revision(
    cycle_id: str, revision: Annotated[int, Path(ge=1, le=LARGEST_COUNT)], session: Reading
) -> WholePackRevisionView:
    """Get a revision whole, as it judges what was submitted under it."""
    return await queries.get_revision(session, cycle_id, revision)


@routes.get("/v1/policy-packs", summary="List policy packs", **callers(anyone=True))
async def list_policy_packs(session: Reading, paging: Paging) -> Page[PolicyPackView]:
    """List cycles and the state of their packs."""
    return await queries.list_policy_packs(session, paging)


@routes.get(
    "/v1/policy-packs/schema",
    summary="Get the JSON Schema of policy packs",
    response_class=SchemaAnswer,
    **callers(anyone=True),
)
async def get_policy_pack_schema(request: Request) -> Response:
    """Get the schema (draft 2020-12) by which an editor completes and checks the YAML of a pack."""
    return SchemaAnswer.to(request)


@routes.get("/v1/policy-packs/{cycle_id}/diff", summary="Compare two policy packs", **callers(anyone=True))
async def diff_policy_packs(
    cycle_id: str,
    session: Reading,
    against: CycleId,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_COUNT)] = None,
    against_revision: Annotated[int | None, Query(ge=1, le=LARGEST_COUNT)] = None,
    aspect: Aspect | None = None,
) -> PackDiffView:
    """Tell in sentences what this pack says otherwise than the one it is held against."""
    asked = {"revision": revision, "against": against, "against_revision": against_revision, "aspect": aspect}
    return await get_diff(session, cycle_id, **asked)


@routes.get("/v1/policy-packs/{cycle_id}", summary="Get a policy pack", **callers(anyone=True))
async def get_policy_pack(cycle_id: str, session: Reading) -> WholePolicyPackView:
    """Get a pack whole: every parameter with the clause that it comes from."""
    return await queries.get_policy_pack(session, cycle_id)
