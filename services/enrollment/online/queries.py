"""Reading online hours, as far as the caller may see the trainees."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.online.models import OnlineRecord
from services.enrollment.online.schemas import OnlineRecordView
from services.enrollment.plan import get_class
from services.enrollment.scope import scope_in_class
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_online_records(
    session: AsyncSession, caller: Caller, class_id: str, paging: AskedPage
) -> Page[OnlineRecordView]:
    """List the records of a class in the order of their time."""
    scope = scope_in_class(caller, await get_class(session, class_id))
    rows = (
        select(OnlineRecord)
        .join(Enrolment, Enrolment.id == OnlineRecord.enrolment_id)
        .where(OnlineRecord.class_id == class_id, scope.where(Enrolment))
    )
    keys = [OnlineRecord.at, OnlineRecord.id]
    return await page(session, rows, keys, paging, OnlineRecordView.model_validate)
