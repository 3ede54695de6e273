"""Publishing texts, recording consents and taking them back; a request takes a fixed number of statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.consents.domain import (
    ConsentNotFound,
    ConsentNotOfCaller,
    ConsentOutOfTime,
    ConsentTextUnknown,
    ConsentWithdrawnAlready,
    check_time,
)
from services.enrollment.consents.models import Consent, ConsentText, ConsentWithdrawal
from services.enrollment.consents.queries import consent_views
from services.enrollment.consents.schemas import ConsentView, PublishText, RecordConsent, WithdrawConsent
from services.enrollment.nominations.belonging import Belonging, find_belongings
from services.enrollment.persons.domain import PersonErased, PersonNotFound
from services.enrollment.persons.queries import find_erased
from services.enrollment.scope import reads_every_trainee
from shared.bulk import ItemResult, Results, refused
from shared.caller import Caller
from shared.database import Database, upsert
from shared.ids import new_id

_REFUSALS = (
    PersonNotFound,
    PersonErased,
    ConsentNotOfCaller,
    ConsentTextUnknown,
    ConsentOutOfTime,
    ConsentNotFound,
    ConsentWithdrawnAlready,
)


async def publish_text(
    session: AsyncSession, caller: Caller, stated: PublishText, now: datetime
) -> ConsentText:
    """Publish the next version of the text for a purpose; those before stay what people consented to."""
    await Database.exclusive(session, f"consent texts of {stated.purpose}")
    last = select(func.max(ConsentText.version)).where(ConsentText.purpose == stated.purpose)
    text = ConsentText(
        **stated.model_dump(),
        version=(await session.scalar(last) or 0) + 1,
        published_by=str(caller.organisation_id),
        principal=caller.principal,
        published_at=now,
    )
    session.add(text)
    await session.flush()
    return text


async def record_consents(
    session: AsyncSession, caller: Caller, items: Sequence[RecordConsent], now: datetime
) -> Results[ConsentView]:
    """Note what people consented to, at the word of who cares for them."""
    whose = await _Whose.of(session, caller, {item.person_id for item in items})
    erased = await find_erased(session, {item.person_id for item in items})
    texts = await _texts(session, {(item.purpose, item.version) for item in items})
    results: dict[int, ItemResult[ConsentView]] = {}
    rows: dict[int, dict[str, object]] = {}
    for index, item in enumerate(items):
        try:
            whose.check(item.person_id)
            if item.person_id in erased:
                raise erased[item.person_id]
            text = texts.get((item.purpose, item.version))
            if text is None:
                raise ConsentTextUnknown(purpose=item.purpose, version=item.version)
            check_time(item.given_at, text.published_at, now)
        except _REFUSALS as refusal:
            results[index] = refused(index, refusal)
        else:
            rows[index] = {
                "id": new_id(),
                "person_id": item.person_id,
                "text_id": text.id,
                "channel": item.channel,
                "given_at": item.given_at,
                "recorded_by": caller.organisation_id,
                "principal": caller.principal,
                "recorded_at": now,
            }
    if rows:
        added = await session.scalars(insert(Consent).returning(Consent), list(rows.values()))
        shown = await consent_views(session, added.all())
        for index, row in rows.items():
            results[index] = ItemResult(index=index, status=201, value=shown[str(row["id"])])
    return Results(results=[results[index] for index in range(len(items))])


async def withdraw_consents(
    session: AsyncSession, caller: Caller, items: Sequence[WithdrawConsent], now: datetime
) -> Results[ConsentView]:
    """Note that consents were taken back: as easily as they were given, by who might have recorded them."""
    named = select(Consent).where(Consent.id.in_(sorted({item.consent_id for item in items})))
    consents = {one.id: one for one in await session.scalars(named)}
    whose = await _Whose.of(session, caller, {one.person_id for one in consents.values()})
    results: dict[int, ItemResult[ConsentView]] = {}
    rows: dict[str, dict[str, object]] = {}
    places: dict[int, str] = {}
    for index, item in enumerate(items):
        try:
            consent = consents.get(item.consent_id)
            if consent is None or not whose.sees(consent.person_id):
                raise ConsentNotFound(consent_id=item.consent_id)
            whose.check(consent.person_id)
            check_time(item.withdrawn_at, consent.given_at, now)
            if consent.id in rows:
                raise ConsentWithdrawnAlready(consent_id=consent.id)
        except _REFUSALS as refusal:
            results[index] = refused(index, refusal)
        else:
            places[index] = consent.id
            rows[consent.id] = {
                **item.model_dump(),
                "recorded_by": caller.organisation_id,
                "principal": caller.principal,
                "recorded_at": now,
            }
    added = await _add_withdrawals(session, rows)
    shown = await consent_views(session, [consents[one] for one in places.values()])
    for index, consent_id in places.items():
        if consent_id in added:
            results[index] = ItemResult(index=index, status=201, value=shown[consent_id])
        else:
            results[index] = refused(index, ConsentWithdrawnAlready(consent_id=consent_id))
    return Results(results=[results[index] for index in range(len(items))])


async def _add_withdrawals(session: AsyncSession, rows: Mapping[str, dict[str, object]]) -> set[str]:
    """Insert in one order those that were not taken back before; tell which."""
    if not rows:
        return set()
    insertion = upsert(ConsentWithdrawal).on_conflict_do_nothing().returning(ConsentWithdrawal.consent_id)
    return set(await session.scalars(insertion, [rows[one] for one in sorted(rows)]))


async def _texts(session: AsyncSession, named: set[tuple[str, int]]) -> dict[tuple[str, int], ConsentText]:
    which = tuple_(ConsentText.purpose, ConsentText.version).in_(sorted(named))
    return {
        (one.purpose, one.version): one for one in await session.scalars(select(ConsentText).where(which))
    }


class _Whose:
    """Which of the persons of a request the caller sees and cares for."""

    def __init__(self, caller: Caller, belongings: Mapping[str, Belonging], *, everybody: bool) -> None:
        self._caller = caller
        self._belongings = belongings
        self._everybody = everybody

    @classmethod
    async def of(cls, session: AsyncSession, caller: Caller, person_ids: set[str]) -> "_Whose":
        belongings = await find_belongings(session, person_ids)
        return cls(caller, belongings, everybody=await reads_every_trainee(session, caller))

    def sees(self, person_id: str) -> bool:
        belonging = self._belongings.get(person_id)
        return belonging is not None and (self._everybody or belonging.is_seen_by(self._caller))

    def check(self, person_id: str) -> None:
        """Refuse who does not see the person, and who sees without caring for the person."""
        if not self.sees(person_id):
            raise PersonNotFound(person_id=person_id)
        if not self._belongings[person_id].is_cared_for_by(self._caller):
            raise ConsentNotOfCaller(person_id=person_id)
