"""HTTP in: one function per operation."""

from fastapi import Response

from services.evaluation import queries
from services.evaluation.commands import assigning, closing, finishing, opening, scores
from services.evaluation.schemas import (
    AssignEvaluator,
    AssignmentView,
    AttemptView,
    DecideTie,
    OpenRound,
    ResultView,
    RoundView,
    ScoreSheet,
    WholeRoundView,
)
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import CycleId, Id

routes = router(tags=["evaluation"])

_ROUND = "/v1/evaluation-rounds/{round_id}"


@routes.post(
    "/v1/evaluation-rounds", status_code=201, summary="Open a round", **callers(act="assign_evaluator")
)
async def open_round(
    body: OpenRound, session: Writing, caller: Asking, now: Now, response: Response
) -> WholeRoundView:
    """Open the next round of a cycle, about everybody who is designated in it."""
    opened = await opening.open_round(session, cycle_id=body.cycle_id, caller=caller, now=now)
    response.headers["Location"] = f"/v1/evaluation-rounds/{opened.id}"
    return await queries.get_round(session, caller, opened.id)


@routes.get("/v1/evaluation-rounds", summary="List rounds", **callers(signed_in=True))
async def list_rounds(
    session: Reading, caller: Asking, paging: Paging, cycle_id: CycleId | None = None
) -> Page[RoundView]:
    """List the rounds that the caller sees, of all cycles or one."""
    return await queries.list_rounds(session, caller, paging, cycle_id=cycle_id)


@routes.get(_ROUND, summary="Show a round", **callers(signed_in=True))
async def get_round(round_id: Id, session: Reading, caller: Asking) -> WholeRoundView:
    """Show a round with its indicators and the institutions in it."""
    return await queries.get_round(session, caller, round_id)


@routes.post(
    f"{_ROUND}/assignments", status_code=201, summary="Assign an evaluator", **callers(act="assign_evaluator")
)
async def assign_evaluator(
    round_id: Id, body: AssignEvaluator, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> AssignmentView:
    """Assign an independent evaluator, inside the training period of the cycle (C38)."""
    made = await assigning.assign_evaluator(
        session, round_id, body, caller=caller, now=now, if_match=if_match
    )
    return AssignmentView.model_validate(made)


@routes.get(f"{_ROUND}/assignments", summary="List assignments", **callers(signed_in=True))
async def list_assignments(
    round_id: Id, session: Reading, caller: Asking, paging: Paging
) -> Page[AssignmentView]:
    """List the assignments of a round; an evaluator sees its own."""
    return await queries.list_assignments(session, caller, round_id, paging)


@routes.post(f"{_ROUND}/scores", summary="Score institutions", **callers(kinds=("evaluator",)))
async def submit_scores(
    round_id: Id, body: Items[ScoreSheet], session: Writing, caller: Asking, now: Now
) -> Results[AttemptView]:
    """Hand in the whole sheets of institutions; each is an attempt, and the latest counts."""
    return await scores.submit_scores(session, caller, round_id, body.items, now)


@routes.post(
    f"{_ROUND}/closing",
    summary="Close a round",
    **callers(act="assign_evaluator", or_kinds=("evaluator",)),
)
async def close_round(
    round_id: Id, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> WholeRoundView:
    """End the scoring and draw the outcome by the rules of the cycle (C39)."""
    await closing.close_round(session, round_id, caller=caller, now=now, if_match=if_match)
    return await queries.get_round(session, caller, round_id)


@routes.post(f"{_ROUND}/tie-decision", summary="Decide a tie", **callers(act="decide_ties"))
async def decide_tie(
    round_id: Id, body: DecideTie, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> WholeRoundView:
    """Record which of the undecided institutions are suspended, and why (Q3)."""
    await closing.decide_tie(
        session, round_id, body.suspended_ids, body.reason, caller=caller, now=now, if_match=if_match
    )
    return await queries.get_round(session, caller, round_id)


@routes.post(f"{_ROUND}/publication", summary="Publish the results", **callers(act="assign_evaluator"))
async def publish_round(
    round_id: Id, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> WholeRoundView:
    """Show each institution its own result."""
    await finishing.publish_round(session, round_id, caller=caller, now=now, if_match=if_match)
    return await queries.get_round(session, caller, round_id)


@routes.post(f"{_ROUND}/finalisation", summary="Make a round final", **callers(act="assign_evaluator"))
async def finalise_round(
    round_id: Id, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> WholeRoundView:
    """Make a published round final, and tell who is suspended for it."""
    await finishing.finalise_round(session, round_id, caller=caller, now=now, if_match=if_match)
    return await queries.get_round(session, caller, round_id)


@routes.get(f"{_ROUND}/results", summary="List results", **callers(signed_in=True))
async def list_results(round_id: Id, session: Reading, caller: Asking, paging: Paging) -> Page[ResultView]:
    """List results with their explanation; an institution sees its own once the round is published."""
    return await queries.list_results(session, caller, round_id, paging)
