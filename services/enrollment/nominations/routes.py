"""Nominations over HTTP."""

from services.enrollment.nominations.commands import nominate, preview_nominations
from services.enrollment.nominations.queries import get_nomination, list_nominations
from services.enrollment.nominations.schemas import Nominate, NominationView, ScreeningView
from services.enrollment.plan import check_trains
from services.enrollment.sealing import Sealing
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Id

routes = router(tags=["nominations"])


@routes.post("/v1/nominations", summary="Nominate persons for classes", **callers(signed_in=True))
async def post_nominations(
    body: Items[Nominate], session: Writing, caller: Asking, sealer: Sealing, now: Now
) -> Results[NominationView]:
    """Put persons forward; each is screened by the cycle's pack and answered with its findings."""
    check_trains(caller)
    return await nominate(session, caller, sealer, body.items, now)


@routes.post("/v1/nominations/preview", summary="Screen persons", **callers(signed_in=True))
async def post_preview(
    body: Items[Nominate], session: Reading, caller: Asking, sealer: Sealing, now: Now
) -> Results[ScreeningView]:
    """Tell what screening would find if these persons were nominated now; nothing is kept."""
    check_trains(caller)
    return await preview_nominations(session, caller, sealer, body.items, now)


@routes.get("/v1/nominations", summary="List the nominations of a class", **callers(signed_in=True))
async def read_nominations(
    class_id: Id, session: Reading, caller: Asking, sealer: Sealing, paging: Paging
) -> Page[NominationView]:
    """Show a department its own people, a class its own, who reviews or tracks all; masked."""
    return await list_nominations(session, caller, sealer, class_id, paging)


@routes.get("/v1/nominations/{nomination_id}", summary="Read one nomination", **callers(signed_in=True))
async def read_nomination(
    nomination_id: str, session: Reading, caller: Asking, sealer: Sealing
) -> NominationView:
    return await get_nomination(session, caller, sealer, nomination_id)
