"""Who is due a certificate, and with which number: what issuing and its preview both rest on."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.domain import (
    ClassNotFinished,
    CompletionStillArriving,
    NothingToCertify,
    check_due,
    check_finished,
)
from services.certification.models import Certificate, CompletionPart, Entitlement, NumberSeries
from services.certification.numbering import numbers_from, series_of
from services.certification.plan import PlannedClass, get_class
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate

ARRIVALS = "certification.arrivals"
"""The mark in `copies` that rises with every part of a completion that arrives for a class."""


@dataclass(frozen=True)
class Due:
    """The trainees of a class in roster order, each with the number that is next."""

    entitled: list[Entitlement]
    numbers: list[str]

    @property
    def person_ids(self) -> list[str]:
        return [one.person_id for one in self.entitled]


async def may_certify(
    session: AsyncSession, class_id: str, caller: Caller, *, held: bool = False
) -> PlannedClass:
    """Get a finished class, for the one whom its cycle's pack lets issue (C40).

    `held` keeps the class as it is to the end of the transaction.
    """
    planned = await get_class(session, class_id, held=held)
    caller.require("issue_certificates", planned.pack)
    try:
        check_finished(class_id, planned.state.status)
    except ClassNotFinished as refusal:
        raise planned.refuse(refusal) from None
    return planned


async def list_due(
    session: AsyncSession, planned: PlannedClass, series: NumberSeries | None, *, locked: bool
) -> Due:
    """List who is due and the next numbers; refuse an incomplete arrival, and an empty list.

    `locked` keeps the holders from being erased before the transaction ends. Both refusals may be
    a matter of milliseconds: the completion was confirmed in another service.
    """
    class_id = planned.state.id
    arrived, expected = await _arrivals(session, class_id)
    entitled = await _uncertified(session, class_id, locked=locked)
    try:
        check_due(class_id, arrived=arrived, expected=expected, due=len(entitled))
    except (CompletionStillArriving, NothingToCertify) as refusal:
        # Counted from 1: a class of which nothing has arrived may be waited for, too.
        raise RestsOnCopy(refusal, aggregate(ARRIVALS, class_id), arrived + 1) from None
    first = 1 if series is None else series.last + 1
    return Due(entitled, numbers_from(planned.pack, first, len(entitled)))


async def find_series(session: AsyncSession, planned: PlannedClass) -> NumberSeries | None:
    return await session.get(NumberSeries, series_of(planned.pack, planned.rule))


async def _arrivals(session: AsyncSession, class_id: str) -> tuple[int, int]:
    """Count the parts of the class's completions that are here, and those that must come."""
    each = (
        select(func.count().label("arrived"), func.max(CompletionPart.parts).label("expected"))
        .where(CompletionPart.class_id == class_id)
        .group_by(CompletionPart.completion_id)
        .subquery()
    )
    totals = select(func.coalesce(func.sum(each.c.arrived), 0), func.coalesce(func.sum(each.c.expected), 0))
    arrived, expected = (await session.execute(totals)).one()
    return int(arrived), int(expected)


async def _uncertified(session: AsyncSession, class_id: str, *, locked: bool) -> list[Entitlement]:
    certified = exists().where(Certificate.enrolment_id == Entitlement.enrolment_id)
    waiting = select(Entitlement).where(
        Entitlement.class_id == class_id, Entitlement.name.is_not(None), ~certified
    )
    ordered = waiting.order_by(Entitlement.position, Entitlement.enrolment_id)
    return list(await session.scalars(ordered.with_for_update(of=Entitlement) if locked else ordered))
