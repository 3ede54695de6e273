"""Reading texts of consents, and what persons consented to."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.consents.models import Consent, ConsentText, ConsentWithdrawal
from services.enrollment.consents.schemas import ConsentTextView, ConsentView
from services.enrollment.nominations.belonging import get_visible_person
from services.enrollment.persons.models import Person
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, page, to_page


async def list_texts(session: AsyncSession, purpose: str | None, paging: AskedPage) -> Page[ConsentTextView]:
    """List the texts by purpose and version."""
    wanted = select(ConsentText)
    if purpose is not None:
        wanted = wanted.where(ConsentText.purpose == purpose)
    keys = (ConsentText.purpose, ConsentText.version)
    return await page(session, wanted, keys, paging, ConsentTextView.model_validate)


async def list_consents(
    session: AsyncSession, caller: Caller, person_id: str, paging: AskedPage
) -> Page[ConsentView]:
    """List what a person consented to as it was recorded, under this id or one that was merged into it."""
    person, _ = await get_visible_person(session, caller, person_id)
    merged = select(Person.id).where(Person.merged_into == person.id)
    theirs = Consent.person_id.in_([person.id]) | Consent.person_id.in_(merged)
    rows = (await session.scalars(apply(select(Consent).where(theirs), (Consent.id,), paging))).all()
    shown = await consent_views(session, rows[: paging.limit])
    return to_page(rows, (Consent.id,), paging, lambda row: shown[row.id])


async def consent_views(session: AsyncSession, consents: Collection[Consent]) -> dict[str, ConsentView]:
    """Show consents with their texts and withdrawals, by id."""
    text_ids, ids = {one.text_id for one in consents}, [one.id for one in consents]
    texts = {
        one.id: one
        for one in await session.scalars(select(ConsentText).where(ConsentText.id.in_(sorted(text_ids))))
    }
    withdrawn = select(ConsentWithdrawal).where(ConsentWithdrawal.consent_id.in_(ids))
    ended = {one.consent_id: one for one in await session.scalars(withdrawn)}
    return {one.id: _view(one, texts[one.text_id], ended.get(one.id)) for one in consents}


def _view(one: Consent, text: ConsentText, ended: ConsentWithdrawal | None) -> ConsentView:
    return ConsentView.model_validate(
        {
            **{
                name: getattr(one, name) for name in ("id", "person_id", "channel", "given_at", "recorded_by")
            },
            "purpose": text.purpose,
            "version": text.version,
            "withdrawn_at": ended and ended.withdrawn_at,
            "withdrawal_channel": ended and ended.channel,
        }
    )
