"""Retention dates and erasures over HTTP."""

from services.enrollment.erasures.commands import erase_on_request, sweep
from services.enrollment.erasures.queries import get_retention, list_erasures
from services.enrollment.erasures.schemas import ErasePerson, ErasureView, RetentionView, SweepView
from services.enrollment.erasures.settings import RetentionSettings
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["persons"])


@routes.get(
    "/v1/persons/{person_id}/retention", summary="Read how long a person is kept", **callers(signed_in=True)
)
async def read_retention(
    person_id: str, session: Reading, caller: Asking, sealer: Sealing, now: Now
) -> RetentionView:
    """Show until when it stays known who the person is, by which rule, and what prevents an erasure now."""
    return await get_retention(session, caller, sealer, person_id, RetentionSettings().terms, now)


@routes.post(
    "/v1/persons/{person_id}/erasure",
    summary="Erase a person who asked for it",
    status_code=201,
    **callers(signed_in=True),
)
async def post_erasure(
    person_id: str, body: ErasePerson, session: Writing, caller: Asking, now: Now
) -> ErasureView:
    """Erase for good who the person was; for a home department and the bureau. What was counted stays."""
    erased = await erase_on_request(session, caller, person_id, body, RetentionSettings().terms, now)
    return ErasureView.model_validate(erased)


@routes.get("/v1/person-erasures", summary="List erasures", **callers(kinds=("bureau", "department")))
async def read_erasures(session: Reading, caller: Asking, paging: Paging) -> Page[ErasureView]:
    """Show the bureau all erasures, and a department those of its people; the latest first."""
    return await list_erasures(session, caller, paging)


@routes.post(
    "/v1/person-erasures/sweeps",
    summary="Erase whose time is over",
    **callers(kinds=("operator", "bureau")),
)
async def post_sweep(session: Writing, now: Now) -> SweepView:
    """Erase the next people whose retention date has passed, and phones that nobody agreed to be kept.

    The worker does the same by the clock outside a rehearsal.
    """
    swept = await sweep(session, RetentionSettings().terms, now)
    return SweepView(erased=[ErasureView.model_validate(one) for one in swept.erased], phones=swept.phones)
