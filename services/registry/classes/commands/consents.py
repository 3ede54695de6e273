"""Consents that parties give to the plan by themselves, and may take back until the class is filed (C32)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import (
    EDITABLE,
    ConsentedAlready,
    ConsentNotGiven,
    PlanMissing,
    check_in,
)
from services.registry.classes.models import Class, PlanConsent
from services.registry.classes.queries import view_of
from services.registry.classes.schemas import ClassView
from services.registry.classes.states import lock_as_party, restate
from shared.caller import Caller
from shared.events.policy import ConceptAbsent


async def consent_to_plan(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Consent to the plan as it stands, for the caller's organisation, which has a part in the class."""
    row, own = await _lock(session, class_id, caller, if_match, step="consent")
    if row.plan is None:
        raise PlanMissing(class_id)
    if _find(row, own) is not None:
        raise ConsentedAlready(own)
    row.consents.append(PlanConsent(organisation_id=own, consented_at=now, consented_by=caller.principal))
    await restate(session, row, now)
    return view_of(row)


async def withdraw_consent(
    session: AsyncSession, class_id: str, *, caller: Caller, now: datetime, if_match: int | None
) -> ClassView:
    """Take back what the caller's organisation consented to, as long as the class is not filed."""
    row, own = await _lock(session, class_id, caller, if_match, step="consent-withdrawal")
    given = _find(row, own)
    if given is None:
        raise ConsentNotGiven(own)
    row.consents.remove(given)
    await restate(session, row, now)
    return view_of(row)


async def _lock(
    session: AsyncSession, class_id: str, caller: Caller, if_match: int | None, *, step: str
) -> tuple[Class, str]:
    row, pack = await lock_as_party(session, class_id, caller, if_match)
    check_in(class_id, row.status, EDITABLE, step)
    if pack.training_plan is None:
        raise ConceptAbsent("training_plan", row.cycle_id)
    return row, caller.organisation_id or ""


def _find(row: Class, organisation_id: str) -> PlanConsent | None:
    return next((one for one in row.consents if one.organisation_id == organisation_id), None)
