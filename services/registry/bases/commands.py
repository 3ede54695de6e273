"""What can be asked of teaching bases: to designate an enterprise, and to end its designation (C27)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from stdnum.cn import uscc

from services.registry.bases.domain import (
    ENDED,
    BaseDesignatedAlready,
    BaseUnknown,
    CreditCodeInvalid,
    check_end,
    check_validity,
)
from services.registry.bases.models import TeachingBase
from services.registry.bases.queries import view_of
from services.registry.bases.schemas import BaseView, DesignateBase, EndBase
from services.registry.bases.states import base_state
from services.registry.cycles.queries import get_pack
from services.registry.liaison.domain import check_department
from services.registry.organisations.queries import get_organisation
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.events.envelope import aggregate, fact
from shared.events.means import TeachingBaseDesignated, TeachingBaseState
from shared.headers import check_version
from shared.outbox import record

ACT = "designate_bases"


async def designate_base(
    session: AsyncSession, asked: DesignateBase, *, caller: Caller, now: datetime
) -> BaseView:
    """Designate an enterprise as a teaching base; it may be one for topics that the pack has."""
    judged = await get_pack(session, asked.cycle_id)
    caller.require(ACT, judged.pack)
    code = asked.uscc.upper()
    if not uscc.is_valid(code):
        raise CreditCodeInvalid(code)
    check_validity(asked.valid_from, asked.valid_until)
    for topic in asked.special_topics:
        judged.pack.special_topic(topic)
    department = await get_organisation(session, asked.department_id)
    check_department(department.id, department.kind)
    row = TeachingBase(
        **asked.model_dump(exclude={"uscc", "special_topics"}),
        uscc=code,
        special_topics=list(dict.fromkeys(asked.special_topics)),
        revision=judged.revision,
        designated_at=now,
        designated_by=caller.principal,
    )
    if not await insert_new(session, row):
        raise BaseDesignatedAlready(code)
    said = TeachingBaseDesignated(
        base_id=row.id,
        department_id=row.department_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )
    subject = aggregate(TeachingBaseState.RESOURCE, row.id)
    told = fact(said, subject=subject, at=now, cycle=row.cycle_id, revision=row.revision)
    await record(session, base_state(row, now), told)
    return view_of(row)


async def end_base(
    session: AsyncSession,
    base_id: str,
    asked: EndBase,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> BaseView:
    """End a designation before its validity runs out, on a day and for a reason."""
    known = await session.get(TeachingBase, base_id)
    if known is None:
        raise BaseUnknown(base_id)
    caller.require(ACT, (await get_pack(session, known.cycle_id)).pack)
    row = await session.get_one(TeachingBase, base_id, with_for_update=True, populate_existing=True)
    check_version(row.version, if_match)
    check_end(row.id, row.ended_on, asked.ended_on, row.valid_from, row.valid_until)
    row.status, row.ended_on = ENDED, asked.ended_on
    row.end_reason, row.end_words = asked.reason, asked.words
    row.ended_at, row.ended_by = now, caller.principal
    row.version += 1
    await session.flush()
    await record(session, base_state(row, now))
    return view_of(row)
