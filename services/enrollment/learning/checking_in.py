"""Checking in with a code that the organiser shows in the room: it marks the whole session as attended."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.learning.commands import check_class, keep_attendance, lock_session, recorded_minutes
from services.enrollment.learning.domain import (
    MOST_TRIES,
    TAUGHT,
    check_begun,
    check_tries,
    check_window,
)
from services.enrollment.learning.models import CheckIn, CheckInTries
from services.enrollment.learning.schemas import CheckInView, CodeGivenView
from services.enrollment.learning.trainees import check_trainee, lock_trainees
from shared.caller import Caller
from shared.sealed import Sealer

_DIGITS = 6
_COLUMN = "check_ins.code"


async def open_check_in(
    session: AsyncSession, caller: Caller, session_id: str, minutes: int, now: datetime, sealer: Sealer
) -> CheckInView:
    """Let trainees check in for a while, as the lead; a new window has a new code and forgets wrong ones."""
    row, planned = await lock_session(session, session_id)
    caller.require_organisation(planned.state.lead_id)
    check_class(planned, TAUGHT)
    check_begun(row.id, row.starts_at, now)
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    await session.execute(delete(CheckInTries).where(CheckInTries.session_id == row.id))
    window = CheckIn(
        session_id=row.id,
        code_index=_indexes(sealer, row.id, code)[0],
        opened_at=now,
        closes_at=now + timedelta(minutes=minutes),
        opened_by=caller.principal,
    )
    await session.merge(window)
    view = CheckInView.model_validate(window, from_attributes=True)
    return view.model_copy(update={"code": code})


async def check_in(
    session: AsyncSession, enrolment_id: str, session_id: str, code: str, now: datetime, sealer: Sealer
) -> CodeGivenView:
    """Mark a trainee as present for the whole session, unless something is recorded already.

    A wrong code is an answer and no refusal: what is refused is undone, and the try has to be counted.
    """
    row, planned = await lock_session(session, session_id)
    trainees = await lock_trainees(session, row.class_id, {enrolment_id})
    check_trainee(enrolment_id, row.class_id, trainees)
    window = await session.get(CheckIn, row.id)
    closes_at = check_window(row.id, (window.opened_at, window.closes_at) if window else None, now)
    tries = await session.get(CheckInTries, (row.id, enrolment_id))
    wrong = tries.wrong if tries else 0
    check_tries(row.id, wrong, closes_at, now)
    known = b"" if window is None else window.code_index
    if not any(hmac.compare_digest(known, index) for index in _indexes(sealer, row.id, code)):
        await session.merge(CheckInTries(session_id=row.id, enrolment_id=enrolment_id, wrong=wrong + 1))
        return CodeGivenView(session_id=row.id, accepted=False, tries_left=MOST_TRIES - wrong - 1)
    if not (await recorded_minutes(session, row.id, [enrolment_id])).get(enrolment_id):
        await keep_attendance(session, row, planned, {enrolment_id: row.minutes}, now)
    return CodeGivenView(session_id=row.id, accepted=True, tries_left=MOST_TRIES - wrong)


def _indexes(sealer: Sealer, session_id: str, code: str) -> list[bytes]:
    """Hash a code with the key of the index, for one session: six digits alone are soon guessed."""
    return sealer.blind_indexes(f"{session_id}/{code}", _COLUMN)
