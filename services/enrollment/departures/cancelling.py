"""A class was called off: its trainees leave it at once, and their heads pass on or are freed (Q7)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.departures.withdrawal import Leave, lock_enrolments, release
from services.enrollment.enrolments.heads import lock_persons
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.plan import get_class

_BY = "registry"
_WHY = "班级已取消。The class was cancelled."


async def withdraw_all(session: AsyncSession, class_id: str, now: datetime) -> None:
    """Withdraw whoever is enrolled in a cancelled class; heard again, it finds nobody.

    The copy of the class is held and says cancelled by now, so no roster is approved in it any more.
    """
    planned = await get_class(session, class_id, held=True)
    enrolled = (Enrolment.class_id == class_id, Enrolment.status == "enrolled")
    people = select(Enrolment.person_id).where(*enrolled)
    await lock_persons(session, people)
    known = await lock_enrolments(session, planned.state.cycle_id, people)
    leaving = [one for one in known if one.class_id == class_id and one.status == "enrolled"]
    if leaving:
        await release(session, planned, leaving, known, Leave(principal=_BY, at=now, reason=_WHY))
