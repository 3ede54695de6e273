"""Consents on the wire."""

from datetime import datetime

from pydantic import Field

from services.enrollment.consents.domain import Channel
from shared.schemas import Code, Id, LongText, Moment, Position, Request, View


class PublishText(Request):
    """The next version of the text for a purpose: training, handing data on, survey, later contact (C43)."""

    purpose: Code = Field(
        examples=["training", "handing_to_institution", "contact_after_graduation", "survey"]
    )
    zh: LongText
    en: LongText


class ConsentTextView(View):
    id: str
    purpose: str
    version: int
    zh: str
    en: str
    published_by: str
    published_at: datetime


class RecordConsent(Request):
    person_id: Id
    purpose: Code
    version: Position
    channel: Channel
    given_at: Moment


class WithdrawConsent(Request):
    consent_id: Id
    channel: Channel
    withdrawn_at: Moment


class ConsentView(View):
    """What a person consented to, and when it was taken back, if it was."""

    id: str
    person_id: str
    purpose: str
    version: int
    channel: Channel
    given_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None
    withdrawal_channel: Channel | None
