"""Who is meant by what a client sends, and the row of a participant, not yet with a place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import (
    WAITING,
    CertificateNotLegacy,
    CertificateUnknown,
    Home,
    HomeUnknown,
    check_crosses,
    check_graduate,
    check_standing,
)
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.activities.queries import host_of
from services.enrollment.activities.schemas import LegacyCertificate, RegisterParticipant
from services.enrollment.enrolments.domain import EnrolmentNotFound
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.domain import PersonErased
from services.enrollment.persons.queries import find_erased
from services.enrollment.plan import PlannedClass, find_classes, get_organisations
from services.enrollment.scope import scope_in_class
from shared.caller import Caller, OrganisationMismatch
from shared.copywatch import RestsOnCopy
from shared.events.envelope import aggregate
from shared.events.policy import ActivityKind
from shared.events.registry import OrganisationState


@dataclass(frozen=True, slots=True)
class Known:
    """What the items of a request name: enrolments with the industry of then, by id and by certificate."""

    by_id: Mapping[str, tuple[Enrolment, str | None]]
    by_certificate: Mapping[str, tuple[Enrolment, str | None]]
    classes: Mapping[str, PlannedClass]
    organisations: Mapping[str, OrganisationState]
    erased: Mapping[str, PersonErased]


def people_of(items: Sequence[RegisterParticipant]) -> Select[str]:
    """Select the people who are named by an enrolment or by a certificate."""
    return select(Enrolment.person_id).where(_named(items))


async def look_up(session: AsyncSession, items: Sequence[RegisterParticipant]) -> Known:
    stated = [item.legacy for item in items if item.legacy is not None]
    named = _named(items)
    found = select(Enrolment, Nomination.industry_section).join(
        Nomination, Nomination.id == Enrolment.nomination_id
    )
    pairs = [(enrolment, section) for enrolment, section in await session.execute(found.where(named))]
    return Known(
        by_id={one.id: (one, section) for one, section in pairs},
        by_certificate={
            one.certificate_number: (one, section) for one, section in pairs if one.certificate_number
        },
        classes=await find_classes(session, {one.class_id for one, _ in pairs}),
        organisations=await get_organisations(session, {one.department_id for one in stated}),
        erased=await find_erased(session, {one.person_id for one, _ in pairs}),
    )


def _named(items: Sequence[RegisterParticipant]) -> ColumnElement[bool]:
    numbers = {item.certificate_number for item in items if item.certificate_number is not None}
    numbers |= {item.legacy.certificate_number for item in items if item.legacy is not None}
    ids = {item.enrolment_id for item in items if item.enrolment_id is not None}
    return or_(Enrolment.id.in_(ids), Enrolment.certificate_number.in_(numbers))


def make_participant(
    caller: Caller,
    activity: Activity,
    kind: ActivityKind,
    item: RegisterParticipant,
    known: Known,
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
    known: Known,
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
    if enrolment.person_id in known.erased:
        raise known.erased[enrolment.person_id]
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
    caller: Caller, activity: Activity, stated: LegacyCertificate, known: Known, at: datetime
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


def _sees(caller: Caller, enrolment: Enrolment, known: Known) -> bool:
    planned = known.classes.get(enrolment.class_id)
    return planned is not None and scope_in_class(caller, planned).covers(
        department_id=enrolment.department_id, class_id=enrolment.class_id
    )
