"""HTTP in: one function per operation."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse

from services.certification import commands, queries
from services.certification.domain import CodeUnknown
from services.certification.keys import Keys
from services.certification.page import not_found_page, verification_page
from services.certification.queries import Wanted
from services.certification.schemas import (
    BatchPreview,
    BatchView,
    CertificateView,
    IssueCertificates,
    VerificationView,
)
from services.certification.verification import verify_certificate
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging
from shared.schemas import CycleId, Id

routes = router(tags=["certificates"])


def _keys(request: Request) -> Keys:
    return request.app.state.keys


def _wanted(class_id: Id | None = None, cycle_id: CycleId | None = None) -> Wanted:
    return Wanted(class_id, cycle_id)


Holding = Annotated[Keys, Depends(_keys)]
AskedClass = Annotated[Wanted, Depends(_wanted)]


@routes.post(
    "/v1/certificate-batches",
    status_code=201,
    summary="Issue the certificates of a class",
    **callers(act="issue_certificates"),
)
async def issue_certificates(
    body: IssueCertificates, session: Writing, caller: Asking, keys: Holding, now: Now, response: Response
) -> BatchView:
    """Certify, in roster order, everybody of a finished class who is confirmed and has no certificate."""
    batch = await commands.issue_certificates(session, keys, class_id=body.class_id, caller=caller, now=now)
    response.headers["Location"] = f"/v1/certificate-batches/{batch.id}"
    return BatchView.model_validate(batch)


@routes.get(
    "/v1/certificate-batches/preview",
    summary="Preview the certificates of a class",
    **callers(act="issue_certificates"),
)
async def preview_batch(class_id: Id, session: Reading, caller: Asking, keys: Holding) -> BatchPreview:
    """Show the numbers that issuing now would use; looking reserves none."""
    return await queries.preview_batch(session, keys, class_id=class_id, caller=caller)


@routes.get("/v1/certificate-batches", summary="List batches", **callers(signed_in=True))
async def list_batches(
    session: Reading, caller: Asking, wanted: AskedClass, paging: Paging
) -> Page[BatchView]:
    return await queries.list_batches(session, caller, wanted, paging)


@routes.get("/v1/certificate-batches/{batch_id}", summary="Show a batch", **callers(signed_in=True))
async def get_batch(batch_id: Id, session: Reading, caller: Asking) -> BatchView:
    return await queries.get_batch(session, caller, batch_id)


@routes.get("/v1/certificates", summary="List certificates", **callers(signed_in=True))
async def list_certificates(
    session: Reading, caller: Asking, keys: Holding, wanted: AskedClass, paging: Paging
) -> Page[CertificateView]:
    """List in order of numbers: issuers and trackers all, a party its classes, a department its trainees."""
    return await queries.list_certificates(session, keys, caller, wanted, paging)


@routes.get("/v1/certificates/{certificate_id}", summary="Show a certificate", **callers(signed_in=True))
async def get_certificate(
    certificate_id: Id, session: Reading, caller: Asking, keys: Holding
) -> CertificateView:
    return await queries.get_certificate(session, keys, caller, certificate_id)


@routes.post(
    "/v1/certificates/{certificate_id}/holder-erasure",
    summary="Erase the holder of a certificate",
    **callers(act="issue_certificates"),
)
async def erase_holder(
    certificate_id: Id, session: Writing, caller: Asking, keys: Holding, now: Now, if_match: IfMatch
) -> CertificateView:
    """Destroy the key under which the holder's name is sealed; number and signature stay checkable."""
    await commands.erase_holder(
        session, certificate_id=certificate_id, caller=caller, now=now, if_match=if_match
    )
    return await queries.get_certificate(session, keys, caller, certificate_id)


@routes.get("/v1/verifications/{code}", summary="Verify a certificate", **callers(anyone=True))
async def verify(code: str, session: Reading, keys: Holding) -> VerificationView:
    """Check signature, status, issuer and log anew; each answers yes, no or could_not_check."""
    return await verify_certificate(session, keys, code)


@routes.get(
    "/verify/{code}",
    response_class=HTMLResponse,
    summary="Verify a certificate on a page for people",
    **callers(anyone=True),
)
async def verify_page(code: str, session: Reading, keys: Holding, now: Now) -> HTMLResponse:
    """Show the same answers as a page in Chinese and English, without scripts."""
    try:
        return verification_page(await verify_certificate(session, keys, code), now=now)
    except CodeUnknown:
        return not_found_page(now=now)
