"""Whose time is over, found in one statement; the rules of `domain.py` decide again on whom is found.

What belongs to a person may stand under an id that was merged into it; so all is looked at by survivor.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from services.enrollment.activities.models import Activity, Participant
from services.enrollment.consents.models import Consent, ConsentText, ConsentWithdrawal
from services.enrollment.enrolments.models import Enrolment
from services.enrollment.erasures.domain import CONTACT, Rule, Terms, years_later
from services.enrollment.erasures.queries import takes_part
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.plan import list_cycles

BATCH = 50
"""So many people are erased in a transaction: nobody waits long for the locks."""

_Named = aliased(Person)
_SURVIVOR = func.coalesce(_Named.merged_into, _Named.id)
_Whose = Select[*tuple[Any, ...]]


async def list_due(session: AsyncSession, terms: Terms, now: datetime) -> list[str]:
    """List the next people whose retention date has passed and of whom nothing is under way."""
    closings = await _closings(session)
    shortest = min(terms.years(one) for one in ("nominated", "trained", "completed"))
    if not any(years_later(at, shortest) <= now for at in closings.values()):
        return []
    rules: tuple[tuple[Rule, ColumnElement[bool]], ...] = (
        ("completed", Person.id.in_(_enrolled("completed"))),
        ("trained", Person.id.in_(_enrolled()) & Person.id.not_in(_enrolled("completed"))),
        ("nominated", Person.id.not_in(_enrolled())),
    )

    def ended(rule: Rule) -> list[str]:
        return [one for one, at in closings.items() if years_later(at, terms.years(rule)) <= now]

    over = [is_it & _all_over(ended(rule)) for rule, is_it in rules]
    due = _standing(now).where(Person.erased_at.is_(None), or_(*over))
    return list(await session.scalars(due.order_by(Person.id).limit(BATCH)))


async def list_phones_due(
    session: AsyncSession, terms: Terms, now: datetime, *, among: Collection[str] | None = None
) -> list[str]:
    """List the next people whose phone has no purpose any more: the cycle is over, and no consent stands."""
    closings = await _closings(session)
    since = now - timedelta(days=terms.contact_days)
    ended = [one for one, at in closings.items() if at <= since]
    if not ended:
        return []
    consents = select(_SURVIVOR).join(Consent, Consent.person_id == _Named.id)
    consents = consents.join(ConsentText, ConsentText.id == Consent.text_id)
    consents = consents.outerjoin(ConsentWithdrawal, ConsentWithdrawal.consent_id == Consent.id)
    standing = ConsentWithdrawal.withdrawn_at.is_(None) | (ConsentWithdrawal.withdrawn_at > now)
    agreed = consents.where(ConsentText.purpose == CONTACT, standing)
    with_phone = select(_SURVIVOR).where(_Named.phone_sealed.is_not(None))
    due = _standing(now).where(Person.id.in_(with_phone), _all_over(ended), Person.id.not_in(agreed))
    due = due.where(true() if among is None else Person.id.in_(sorted(among)))
    return list(await session.scalars(due.order_by(Person.id).limit(BATCH)))


async def _closings(session: AsyncSession) -> dict[str, datetime]:
    return {one.state.id: one.closed_at for one in await list_cycles(session) if one.closed_at is not None}


def _standing(now: datetime) -> Select[str]:
    """Select people who stand for themselves, were nominated, and attend or await nothing now."""
    registered = select(_SURVIVOR).join(Participant, Participant.person_id == _Named.id)
    registered = registered.join(Activity, Activity.id == Participant.activity_id).where(*takes_part(now))
    return select(Person.id).where(
        Person.merged_into.is_(None),
        Person.id.in_(_nominated()),
        Person.id.not_in(_enrolled("enrolled")),
        Person.id.not_in(registered),
    )


def _all_over(cycle_ids: Iterable[str]) -> ColumnElement[bool]:
    """Say that a person was nominated for none but these cycles."""
    return Person.id.not_in(_nominated().where(Nomination.cycle_id.not_in(sorted(cycle_ids))))


def _nominated() -> _Whose:
    return select(_SURVIVOR).join(Nomination, Nomination.person_id == _Named.id)


def _enrolled(status: str | None = None) -> _Whose:
    found = select(_SURVIVOR).join(Enrolment, Enrolment.person_id == _Named.id)
    return found if status is None else found.where(Enrolment.status == status)
