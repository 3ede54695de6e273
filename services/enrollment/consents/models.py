"""The tables `consent_texts`, `consents` and `consent_withdrawals`. They only grow."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.guards import guard
from services.enrollment.tables import Row
from shared.ids import new_id


class ConsentText(Row, kw_only=True):
    """What people are told and consent to, for one purpose; a change is a further version."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("purpose", "version"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    purpose: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    zh: Mapped[str] = mapped_column(Text)
    en: Mapped[str] = mapped_column(Text)
    published_by: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(100))
    published_at: Mapped[datetime]


class Consent(Row, kw_only=True):
    """A person consented to a text; `recorded_by` is the organisation that noted it."""

    __tablename__ = "consents"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    person_id: Mapped[str] = mapped_column(String(36), ForeignKey("persons.id"), index=True)
    text_id: Mapped[str] = mapped_column(String(36), ForeignKey("consent_texts.id"))
    channel: Mapped[str] = mapped_column(String(24))
    given_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime]


class ConsentWithdrawal(Row, kw_only=True):
    """A consent was taken back; the key lets it happen once."""

    __tablename__ = "consent_withdrawals"

    consent_id: Mapped[str] = mapped_column(String(36), ForeignKey("consents.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(24))
    withdrawn_at: Mapped[datetime]
    recorded_by: Mapped[str] = mapped_column(String(36))
    principal: Mapped[str] = mapped_column(String(100))
    recorded_at: Mapped[datetime]


guard(Row.metadata, "consent_texts", "consents", "consent_withdrawals")
