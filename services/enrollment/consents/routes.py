"""Consents over HTTP."""

from services.enrollment.consents.commands import publish_text, record_consents, withdraw_consents
from services.enrollment.consents.queries import list_consents, list_texts
from services.enrollment.consents.schemas import (
    ConsentTextView,
    ConsentView,
    PublishText,
    RecordConsent,
    WithdrawConsent,
)
from shared.bulk import Items, Results
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import Code

routes = router(tags=["consents"])


@routes.post(
    "/v1/consent-texts",
    summary="Publish the next text of a consent",
    status_code=201,
    **callers(kinds=("bureau",)),
)
async def post_consent_text(body: PublishText, session: Writing, caller: Asking, now: Now) -> ConsentTextView:
    """Publish what people are told before they consent; a version that was published stays as it is."""
    return ConsentTextView.model_validate(await publish_text(session, caller, body, now))


@routes.get("/v1/consent-texts", summary="List the texts of consents", **callers(anyone=True))
async def read_consent_texts(
    session: Reading, paging: Paging, purpose: Code | None = None
) -> Page[ConsentTextView]:
    """Show everybody what people are told, by purpose and version."""
    return await list_texts(session, purpose, paging)


@routes.post("/v1/consents", summary="Record consents", **callers(signed_in=True))
async def post_consents(
    body: Items[RecordConsent], session: Writing, caller: Asking, now: Now
) -> Results[ConsentView]:
    """Record who consented to which text, when and how; for the home department and who runs a class."""
    return await record_consents(session, caller, body.items, now)


@routes.post(
    "/v1/consents/withdrawals", summary="Record that consents were taken back", **callers(signed_in=True)
)
async def post_withdrawals(
    body: Items[WithdrawConsent], session: Writing, caller: Asking, now: Now
) -> Results[ConsentView]:
    """Take consents back in the way in which they are given."""
    return await withdraw_consents(session, caller, body.items, now)


@routes.get(
    "/v1/persons/{person_id}/consents", summary="List the consents of a person", **callers(signed_in=True)
)
async def read_consents(
    person_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[ConsentView]:
    """Show what a person consented to, for who may see the person."""
    return await list_consents(session, caller, person_id, paging)
