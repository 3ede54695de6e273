"""What becomes of enrolments after the roster: the certificate that another service issued."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.enrolments.states import enrolment_state
from services.enrollment.plan import hold_classes
from shared.outbox import record


async def note_certificates(session: AsyncSession, numbers: Mapping[str, str], at: datetime) -> None:
    """Note the certificate number of each enrolment; what is noted already stays as it is."""
    named = Enrolment.id.in_(sorted(numbers))
    classes = await hold_classes(session, set(await session.scalars(select(Enrolment.class_id).where(named))))
    found = await session.scalars(select(Enrolment).where(named).order_by(Enrolment.id).with_for_update())
    changed = [one for one in found if one.certificate_number is None]
    for one in changed:
        one.certificate_number, one.certificate_noted_at = numbers[one.id], at
        one.version += 1
    # The flush sends one batch; each statement of it is prepared once.
    await session.flush()
    await record(session, *(enrolment_state(one, classes[one.class_id], at) for one in changed))
