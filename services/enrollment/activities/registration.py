"""Registering for an activity and leaving it: places go in the order of registration, then people wait.

Whoever registers or leaves locks the activity first. Who leaves a place gives it, in the same transaction, to
the first who waits; so nobody waits while a place is free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import (
    OPEN,
    REGISTERED,
    WAITING,
    WITHDRAWN,
    CertificateNotLegacy,
    CertificateUnknown,
    EnrolmentWithdrawn,
    GraduatesOnly,
    Home,
    HomeUnknown,
    NothingCrossed,
    ParticipantNotFound,
    ParticipantRepeated,
    check_crosses,
    check_graduate,
    check_standing,
    check_status,
    check_stays,
)
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.queries import (
    get_activity,
    host_of,
    participant_view,
    seen_participants,
)
from services.enrollment.activities.schemas import LegacyCertificate, ParticipantView, RegisterParticipant
from services.enrollment.activities.states import activity_state
from services.enrollment.enrolments.domain import EnrolmentNotFound
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass, check_trains, find_classes, get_cycle, get_organisations
from services.enrollment.scope import scope_in_class
from shared.bulk import ItemResult, Results, refuse
from shared.caller import Caller, OrganisationMismatch
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate
from shared.events.policy import ActivityKind
from shared.events.registry import OrganisationState
from shared.outbox import record

_REFUSALS = (
    RestsOnCopy,
    OrganisationMismatch,
    EnrolmentNotFound,
    CertificateUnknown,
    CertificateNotLegacy,
    EnrolmentWithdrawn,
    GraduatesOnly,
    NothingCrossed,
    ParticipantRepeated,
)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the items of a request name: enrolments with the industry of then, by id and by certificate."""

    by_id: Mapping[str, tuple[Enrolment, str | None]]
    by_certificate: Mapping[str, tuple[Enrolment, str | None]]
    classes: Mapping[str, PlannedClass]
    organisations: Mapping[str, OrganisationState]


async def register_participants(
    session: AsyncSession,
    caller: Caller,
    activity_id: str,
    items: Sequence[RegisterParticipant],
    at: datetime,
) -> Results[ParticipantView]:
    """Register trainees and graduates for an open activity; beyond its places they wait, in this order."""
    check_trains(caller)
    activity = await get_activity(session, activity_id, held=True)
    check_status(activity.id, activity.status, OPEN)
    kind = (await get_cycle(session, activity.cycle_id)).pack.activity_kind(activity.kind)
    known = await _look_up(session, items)
    standing = await _standing(session, activity.id)
    rows: list[Participant] = []
    results: list[ItemResult[ParticipantView]] = []
    for index, item in enumerate(items):
        try:
            row = _participant(caller, activity, kind, item, known, at)
            if row.holder in standing:
                raise ParticipantRepeated
        except _REFUSALS as refusal:
            results.append(refuse(session, index, refusal))
            continue
        standing.add(row.holder)
        _place(activity, row)
        rows.append(row)
        results.append(ItemResult(index=index, status=201, value=participant_view(row, activity)))
    if rows:
        session.add_all(rows)
        await _told(session, activity, at)
    return Results(results=results)


async def withdraw_participant(
    session: AsyncSession, caller: Caller, activity_id: str, participant_id: str, at: datetime
) -> ParticipantView:
    """Take somebody off the list of an open activity; the first who waits moves up."""
    check_trains(caller)
    activity = await get_activity(session, activity_id, held=True)
    seen = await seen_participants(session, caller, activity)
    mine = select(Participant).where(
        Participant.activity_id == activity.id, Participant.id == participant_id, seen
    )
    row = await session.scalar(mine)
    if row is None:
        raise ParticipantNotFound(participant_id=participant_id)
    check_status(activity.id, activity.status, OPEN)
    check_stays(row.id, row.status)
    if row.status == WAITING:
        activity.waiting -= 1
    elif (heir := await _first_waiting(session, activity.id)) is not None:
        heir.status = REGISTERED
        heir.version += 1
        activity.waiting -= 1
    else:
        activity.registered -= 1
    row.status, row.withdrawn_at = WITHDRAWN, at
    row.version += 1
    await _told(session, activity, at)
    return participant_view(row, activity)


async def _look_up(session: AsyncSession, items: Sequence[RegisterParticipant]) -> _Known:
    stated = [item.legacy for item in items if item.legacy is not None]
    numbers = {item.certificate_number for item in items if item.certificate_number is not None}
    numbers |= {one.certificate_number for one in stated}
    ids = {item.enrolment_id for item in items if item.enrolment_id is not None}
    named = or_(Enrolment.id.in_(ids), Enrolment.certificate_number.in_(numbers))
    found = select(Enrolment, Nomination.industry_section).join(
        Nomination, Nomination.id == Enrolment.nomination_id
    )
    pairs = [(enrolment, section) for enrolment, section in await session.execute(found.where(named))]
    return _Known(
        by_id={one.id: (one, section) for one, section in pairs},
        by_certificate={
            one.certificate_number: (one, section) for one, section in pairs if one.certificate_number
        },
        classes=await find_classes(session, {one.class_id for one, _ in pairs}),
        organisations=await get_organisations(session, {one.department_id for one in stated}),
    )


async def _standing(session: AsyncSession, activity_id: str) -> set[str]:
    holders = select(Participant.holder).where(
        Participant.activity_id == activity_id, Participant.status != WITHDRAWN
    )
    return set(await session.scalars(holders))


def _participant(
    caller: Caller,
    activity: Activity,
    kind: ActivityKind,
    item: RegisterParticipant,
    known: _Known,
    at: datetime,
) -> Participant:
    """Make the row of one item, not yet with a place, or refuse the item."""
    if item.legacy is not None:
        row = _of_legacy(caller, activity, item.legacy, known, at)
    else:
        row = _of_enrolment(caller, activity, kind, item, known, at)
    check_crosses(kind.crosses, Home(row.department_id, row.industry_section), host_of(activity))
    return row


def _of_enrolment(
    caller: Caller,
    activity: Activity,
    kind: ActivityKind,
    item: RegisterParticipant,
    known: _Known,
    at: datetime,
) -> Participant:
    if item.enrolment_id is not None:
        found = known.by_id.get(item.enrolment_id)
        if found is None or not _sees(caller, found[0], known):
            raise EnrolmentNotFound(enrolment_id=item.enrolment_id)
    else:
        found = known.by_certificate.get(str(item.certificate_number))
        # A graduate hands the number to who holds the activity, who may see no more of the graduate.
        handed = caller.organisation_id == activity.organisation_id
        if found is None or not (handed or _sees(caller, found[0], known)):
            raise CertificateUnknown
    enrolment, section = found
    check_standing(enrolment.id, enrolment.status)
    graduated = enrolment.status == "completed"
    check_graduate(kind.code, needs_certificate=kind.needs_certificate, graduated=graduated)
    return Participant(
        activity_id=activity.id,
        number=0,
        holder=f"person:{enrolment.person_id}",
        enrolment_id=enrolment.id,
        person_id=enrolment.person_id,
        class_id=enrolment.class_id,
        certificate_number=enrolment.certificate_number,
        department_id=enrolment.department_id,
        industry_section=section,
        status=WAITING,
        registered_for=str(caller.organisation_id),
        registered_by=caller.principal,
        registered_at=at,
    )


def _of_legacy(
    caller: Caller, activity: Activity, stated: LegacyCertificate, known: _Known, at: datetime
) -> Participant:
    """Take the word of who holds the activity or of the home department; nothing here can prove it."""
    if caller.organisation_id not in {activity.organisation_id, stated.department_id}:
        raise OrganisationMismatch(organisation_id=activity.organisation_id)
    if stated.certificate_number in known.by_certificate:
        raise CertificateNotLegacy
    home = known.organisations.get(stated.department_id)
    if home is None or home.kind != "department":
        unknown = HomeUnknown(department_id=stated.department_id)
        raise RestsOnCopy(unknown, aggregate(OrganisationState.RESOURCE, stated.department_id), 0)
    return Participant(
        activity_id=activity.id,
        number=0,
        holder=f"certificate:{stated.certificate_number}",
        certificate_number=stated.certificate_number,
        legacy=True,
        legacy_issuer=stated.issuer,
        legacy_cycle=stated.cycle,
        department_id=stated.department_id,
        industry_section=stated.industry_section,
        status=WAITING,
        registered_for=str(caller.organisation_id),
        registered_by=caller.principal,
        registered_at=at,
    )


def _sees(caller: Caller, enrolment: Enrolment, known: _Known) -> bool:
    planned = known.classes.get(enrolment.class_id)
    return planned is not None and scope_in_class(caller, planned).covers(
        department_id=enrolment.department_id, class_id=enrolment.class_id
    )


def _place(activity: Activity, row: Participant) -> None:
    """Give the next number, and a place while there is one."""
    activity.last_number += 1
    row.number = activity.last_number
    if activity.registered < activity.capacity:
        row.status = REGISTERED
        activity.registered += 1
    else:
        activity.waiting += 1


async def _first_waiting(session: AsyncSession, activity_id: str) -> Participant | None:
    waiting = select(Participant).where(Participant.activity_id == activity_id, Participant.status == WAITING)
    return await session.scalar(waiting.order_by(Participant.number).limit(1))


async def _told(session: AsyncSession, activity: Activity, at: datetime) -> None:
    activity.version += 1
    await session.flush()
    await record(session, activity_state(activity, at))
