"""Completions over HTTP."""

from typing import Annotated

from fastapi import Depends, Request
from joserfc.jwk import KeySet

from services.enrollment.completion.commands import CONFIRM, confirm_completion, propose_completion
from services.enrollment.completion.queries import get_completion, list_completions
from services.enrollment.completion.schemas import CompletionDetail, CompletionView, ComputeCompletion
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id


async def _name_seal(request: Request) -> KeySet:
    return request.app.state.name_seal


NameSeal = Annotated[KeySet, Depends(_name_seal)]
"""Certification's public key: only there can a name be opened again."""

routes = router(tags=["completion"])


@routes.post("/v1/completions", status_code=201, summary="Compute a completion", **callers(signed_in=True))
async def post_completion(
    body: ComputeCompletion, session: Writing, caller: Asking, now: Now
) -> CompletionView:
    """Propose, as the lead of a finished class, who completed it; computed anew until it is confirmed."""
    return CompletionView.model_validate(await propose_completion(session, caller, body.class_id, now))


@routes.get("/v1/completions", summary="List the completions of a class", **callers(signed_in=True))
async def read_completions(
    class_id: Id, session: Reading, caller: Asking, paging: Paging
) -> Page[CompletionView]:
    return await list_completions(session, caller, class_id, paging)


@routes.get("/v1/completions/{completion_id}", summary="Read one completion", **callers(signed_in=True))
async def read_completion(completion_id: str, session: Reading, caller: Asking) -> CompletionDetail:
    """Read the completion with its rows and reasons, as far as the caller may see the trainees."""
    return await get_completion(session, caller, completion_id)


@routes.post(
    "/v1/completions/{completion_id}/confirmation", summary="Confirm a completion", **callers(act=CONFIRM)
)
async def post_confirmation(
    completion_id: str,
    session: Writing,
    caller: Asking,
    now: Now,
    sealer: Sealing,
    name_seal: NameSeal,
    if_match: IfMatch,
) -> CompletionView:
    """Make a proposal final by whom the pack names, and tell certification who completed."""
    confirmed = await confirm_completion(
        session, caller, completion_id, now, sealer=sealer, name_seal=name_seal, if_match=if_match
    )
    return CompletionView.model_validate(confirmed)
