"""Retention dates and erasures on the wire."""

from datetime import datetime
from typing import Literal

from services.enrollment.consents.domain import Channel
from services.enrollment.erasures.domain import AskedBy, BlockCode, Reason, Rule
from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import Request, View


class ErasePerson(Request):
    """Who asked for it, by which channel, and for which of the reasons that the law gives (PIPL 47)."""

    asked_by: AskedBy
    channel: Channel
    reason: Reason


class BlockView(View):
    """Why a person cannot be erased now; with `until` it passes by itself."""

    code: BlockCode
    subject_ids: list[str]
    until: datetime | None
    zh: str
    en: str


class ErasureView(View):
    """That a person was erased; by the clock (`retention`) nobody asked for it."""

    id: str
    person_id: str
    person_ids: list[str]
    cause: Literal["request", "retention"]
    asked_by: AskedBy | None
    channel: Channel | None
    reason: Reason | None
    rule: Rule
    organisation_id: str | None
    erased_at: datetime


class ContactView(View):
    """How long the phone is kept; without `until` as long as the consent stands or the cycle goes on."""

    phone_kept: bool
    consent_stands: bool
    until: datetime | None


class RetentionView(View):
    """Until when who a person is stays known: so many years (`years`, by `rule`) after the event.

    `until` is absent while a cycle goes on, and once the person is erased; `blocks` are the reasons for which
    a request would be refused now.
    """

    person: MaskedPerson
    merged_into: str | None
    rule: Rule
    years: int
    event: Literal["cycle_closed"] = "cycle_closed"
    cycle_id: str | None
    event_at: datetime | None
    until: datetime | None
    zh: str
    en: str
    contact: ContactView
    blocks: list[BlockView]
    erasure: ErasureView | None


class SweepView(View):
    """What the sweep has done: whom it erased, and of how many it erased the phone alone."""

    erased: list[ErasureView]
    phones: int
