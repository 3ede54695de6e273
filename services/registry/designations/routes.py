"""HTTP in: designations. Who is designated is public; who applied is not."""

from typing import Annotated

from fastapi import Query

from services.registry.designations import commands, queries, selection
from services.registry.designations.schemas import (
    ApplyForDesignation,
    DecideApplication,
    DesignateInstitution,
    DesignationTurnView,
    DesignationView,
    RecordAssessment,
)
from shared.bulk import Items, Results, each
from shared.caller import Asking, callers
from shared.edge import IfMatch, Now, Reading, Writing, router
from shared.paging import Page, Paging

routes = router(tags=["designations"])


@routes.post("/v1/designations", summary="Designate institutions", **callers(act="designate_institutions"))
async def designate_institutions(
    body: Items[DesignateInstitution], session: Writing, caller: Asking, now: Now
) -> Results[DesignationView]:
    """Designate institutions for kinds of class, with assessment and selection record."""
    return await each(
        session,
        body.items,
        lambda asked: commands.designate_institution(session, asked, caller=caller, now=now),
    )


@routes.post(
    "/v1/designations/applications",
    summary="Apply for a designation",
    status_code=201,
    **callers(signed_in=True),
)
async def apply_for_designation(
    body: ApplyForDesignation, session: Writing, caller: Asking, now: Now
) -> DesignationView:
    """Apply as an organisation for kinds of class of a cycle."""
    return await selection.apply_for_designation(session, body, caller=caller, now=now)


@routes.post(
    "/v1/designations/{designation_id}/assessment",
    summary="Record the assessment of an applicant",
    **callers(act="designate_institutions"),
)
async def record_assessment(
    designation_id: str, body: RecordAssessment, session: Writing, caller: Asking, now: Now, if_match: IfMatch
) -> DesignationView:
    """Record who assessed the applicant, when, under which reference, and what came out."""
    return await selection.record_assessment(
        session, designation_id, body, caller=caller, now=now, if_match=if_match
    )


@routes.post(
    "/v1/designations/{designation_id}/decision",
    summary="Decide an application",
    **callers(act="designate_institutions"),
)
async def decide_application(
    designation_id: str,
    body: DecideApplication,
    session: Writing,
    caller: Asking,
    now: Now,
    if_match: IfMatch,
) -> DesignationView:
    """Designate an assessed applicant or decline it, for a reason."""
    return await selection.decide_application(
        session, designation_id, body, caller=caller, now=now, if_match=if_match
    )


@routes.get("/v1/designations", summary="List designations", **callers(anyone=True))
async def list_designations(
    session: Reading,
    caller: Asking,
    paging: Paging,
    cycle_id: Annotated[str | None, Query(max_length=100)] = None,
    institution_id: Annotated[str | None, Query(max_length=36)] = None,
) -> Page[DesignationView]:
    """List designations of all cycles or one; applications only to the applicant and to who decides them."""
    return await queries.list_designations(
        session, paging, caller, cycle_id=cycle_id, institution_id=institution_id
    )


@routes.get("/v1/designations/{designation_id}", summary="Get a designation", **callers(anyone=True))
async def get_designation(designation_id: str, session: Reading, caller: Asking) -> DesignationView:
    """Get one designation."""
    return await queries.get_designation(session, designation_id, caller)


@routes.get(
    "/v1/designations/{designation_id}/history",
    summary="List the states of a designation",
    **callers(anyone=True),
)
async def list_designation_history(
    designation_id: str, session: Reading, caller: Asking, paging: Paging
) -> Page[DesignationTurnView]:
    """List when the designation came into which state, and why."""
    return await queries.list_history(session, paging, designation_id, caller)
