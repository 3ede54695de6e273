"""Reading what retention rests on, in a fixed number of queries however many people are asked about."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.activities.domain import OPEN, PLANNED, WITHDRAWN
from services.enrollment.activities.models import Activity, Participant
from services.enrollment.consents.models import Consent, ConsentText, ConsentWithdrawal
from services.enrollment.enrolments.domain import UNDER_WAY
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.erasures.domain import (
    CONTACT,
    Past,
    RetentionNotOfCaller,
    Terms,
    blocks,
    contact_until,
    kept_until,
)
from services.enrollment.erasures.models import PersonErasure
from services.enrollment.erasures.schemas import BlockView, ContactView, ErasureView, RetentionView
from services.enrollment.erasures.wording import sentence
from services.enrollment.nominations.belonging import get_visible_person
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.persons.queries import masked
from services.enrollment.plan import find_classes, list_cycles
from shared.caller import Caller
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer

_SURVIVOR = func.coalesce(Person.merged_into, Person.id)
"""Who a person is: the one that it was merged into, or itself."""


async def get_retention(
    session: AsyncSession, caller: Caller, sealer: Sealer, person_id: str, terms: Terms, now: datetime
) -> RetentionView:
    """Tell how long a person is kept and why, to who cares for the person and to the bureau."""
    asked, belonging = await get_visible_person(session, caller, person_id)
    if caller.kind != "bureau" and not belonging.is_cared_for_by(caller):
        raise RetentionNotOfCaller(person_id=person_id)
    person = await session.get_one(Person, asked.merged_into or asked.id)
    past = (await read_pasts(session, [person.id], now))[person.id]
    done = await session.scalar(select(PersonErasure).where(PersonErasure.person_id == person.id))
    cycle_id, closed_at = past.last or (None, None)
    zh, en = sentence(past, terms, erased=done is not None)
    contact = ContactView(
        phone_kept=person.phone_sealed is not None,
        consent_stands=None in past.consents,
        until=contact_until(past, terms) if person.phone_sealed else None,
    )
    return RetentionView.model_validate(
        {
            "person": masked(sealer, asked),
            "merged_into": asked.merged_into,
            "rule": past.rule,
            "years": terms.years(past.rule),
            "cycle_id": cycle_id,
            "event_at": closed_at,
            "until": None if done else kept_until(past, terms),
            "zh": zh,
            "en": en,
            "contact": contact,
            "blocks": [] if done else [BlockView.model_validate(one) for one in blocks(past, terms, now)],
            "erasure": done and ErasureView.model_validate(done),
        }
    )


async def list_erasures(session: AsyncSession, caller: Caller, paging: AskedPage) -> Page[ErasureView]:
    """List, the latest first, all erasures for the bureau, and for a department those of its people."""
    seen: ColumnElement[bool] = true()
    if caller.kind != "bureau":
        mine = select(_SURVIVOR).join(Nomination, Nomination.person_id == Person.id)
        mine = mine.where(Nomination.department_id == caller.organisation_id)
        seen = PersonErasure.person_id.in_(mine)
    wanted = select(PersonErasure).where(seen)
    return await page(
        session, wanted, (PersonErasure.id,), paging, ErasureView.model_validate, descending=True
    )


async def find_ids(session: AsyncSession, person_ids: Collection[str]) -> dict[str, str]:
    """Find all ids of these people, each with the one that it stands for now."""
    ids = sorted(person_ids)
    found = select(Person.id, _SURVIVOR).where(or_(Person.id.in_(ids), Person.merged_into.in_(ids)))
    return dict((await session.execute(found)).all())


async def read_pasts(session: AsyncSession, person_ids: Collection[str], now: datetime) -> dict[str, Past]:
    """Read what these people have here, under all ids that stand for them."""
    ids = sorted(person_ids)
    theirs = or_(Person.id.in_(ids), Person.merged_into.in_(ids))
    closings = {one.state.id: one.closed_at for one in await list_cycles(session)}
    cycles, statuses = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    nominated = select(_SURVIVOR, Nomination.cycle_id).join(Nomination, Nomination.person_id == Person.id)
    for one, cycle_id in await session.execute(nominated.where(theirs).distinct()):
        cycles[one].add(cycle_id)
    attending = defaultdict[str, list[str]](list)
    enrolled = select(_SURVIVOR, Enrolment.cycle_id, Enrolment.class_id, Enrolment.status)
    enrolled = enrolled.join(Enrolment, Enrolment.person_id == Person.id).where(theirs)
    for one, cycle_id, class_id, status in await session.execute(enrolled.order_by(Enrolment.id)):
        cycles[one].add(cycle_id)
        statuses[one].add(status)
        if status == "enrolled":
            attending[one].append(class_id)
    classes = await find_classes(session, {class_id for some in attending.values() for class_id in some})
    running = {one for one, planned in classes.items() if planned.state.status in UNDER_WAY}
    registered = await _grouped(session, _registered(now).where(theirs))
    consents = await _grouped(session, _consents().where(theirs))
    return {
        one: Past(
            cycles={cycle_id: closings.get(cycle_id) for cycle_id in cycles[one]},
            statuses=frozenset(statuses[one]),
            under_way=tuple(class_id for class_id in attending[one] if class_id in running),
            unconfirmed=tuple(class_id for class_id in attending[one] if class_id not in running),
            activities=tuple(registered[one]),
            consents=consents[one],
        )
        for one in ids
    }


def _registered(now: datetime) -> Any:
    """Select who takes part in what is still to be held."""
    found = select(_SURVIVOR, Activity.id).join(Participant, Participant.person_id == Person.id)
    return found.join(Activity, Activity.id == Participant.activity_id).where(*takes_part(now))


def takes_part(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say that somebody is registered for an activity that is not over."""
    return (
        Participant.status != WITHDRAWN,
        Activity.status.in_((PLANNED, OPEN)),
        Activity.ends_on >= now.date(),
    )


def _consents() -> Any:
    """Select the consents to be contacted, each with when it was taken back."""
    found = select(_SURVIVOR, ConsentWithdrawal.withdrawn_at).join(Consent, Consent.person_id == Person.id)
    found = found.join(ConsentText, ConsentText.id == Consent.text_id)
    found = found.outerjoin(ConsentWithdrawal, ConsentWithdrawal.consent_id == Consent.id)
    return found.where(ConsentText.purpose == CONTACT)


async def _grouped(session: AsyncSession, found: Any) -> dict[str, list[Any]]:
    grouped = defaultdict[str, list[Any]](list)
    for one, value in (await session.execute(found)).all():
        grouped[str(one)].append(value)
    return grouped
