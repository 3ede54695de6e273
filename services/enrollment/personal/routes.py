"""Personal links over HTTP, and what trainees do by one."""

from fastapi import Request

from services.enrollment.enrolments.queries import get_continued
from services.enrollment.learning.checking_in import check_in
from services.enrollment.learning.schemas import CodeGivenView
from services.enrollment.personal.commands import make_link, revoke_link
from services.enrollment.personal.queries import get_link, get_link_in_force, get_own_record
from services.enrollment.personal.schemas import GiveCode, MakeLink, OwnRecord, PersonalLinkView
from services.enrollment.personal.tokens import ShownLink, Tokens
from services.enrollment.sealing import Sealing
from shared.caller import Asking, callers
from shared.edge import Now, Reading, Writing, keep_masked, router

routes = router(tags=["personal"])


@routes.post(
    "/v1/enrolments/{enrolment_id}/personal-link",
    status_code=201,
    summary="Make a personal link",
    **callers(signed_in=True),
)
async def post_link(
    enrolment_id: str,
    body: MakeLink,
    request: Request,
    session: Writing,
    caller: Asking,
    now: Now,
    tokens: Tokens,
) -> PersonalLinkView:
    """Make the link by which a trainee reads the own record; its token is shown once, the one before ends."""
    link = await make_link(session, caller, enrolment_id, body.days, now)
    view = PersonalLinkView.model_validate(link)
    keep_masked(request, view)
    return view.model_copy(update={"token": tokens.sign(link.id)})


@routes.get(
    "/v1/enrolments/{enrolment_id}/personal-link", summary="Read a personal link", **callers(signed_in=True)
)
async def read_link(enrolment_id: str, session: Reading, caller: Asking) -> PersonalLinkView:
    """Read since when and until when the newest link is in force; never its token."""
    return PersonalLinkView.model_validate(await get_link(session, caller, enrolment_id))


@routes.post(
    "/v1/enrolments/{enrolment_id}/personal-link/revocation",
    summary="Revoke a personal link",
    **callers(signed_in=True),
)
async def post_link_revocation(
    enrolment_id: str, session: Writing, caller: Asking, now: Now
) -> PersonalLinkView:
    """End the link at once."""
    return PersonalLinkView.model_validate(await revoke_link(session, caller, enrolment_id, now))


@routes.get("/v1/me", summary="Read the own record", **callers(anyone=True))
async def read_own_record(link: ShownLink, session: Reading, now: Now, sealer: Sealing) -> OwnRecord:
    """Read, by a personal link, the own class, attendance, completion, certificate and activities."""
    return await get_own_record(session, link, now, sealer)


@routes.post("/v1/me/check-ins", summary="Check in to a session", **callers(anyone=True))
async def post_own_check_in(
    body: GiveCode, link: ShownLink, session: Writing, now: Now, sealer: Sealing
) -> CodeGivenView:
    """Give, by a personal link, the code that the organiser shows; the right one marks the attendance."""
    shown = await get_link_in_force(session, link, now)
    enrolment = await get_continued(session, shown.enrolment_id)
    return await check_in(session, enrolment.id, body.session_id, body.code, now, sealer)
