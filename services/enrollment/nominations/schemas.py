"""Nominations on the wire."""

from datetime import datetime
from typing import Any

from pydantic import Field

from services.enrollment.findings import Severity
from services.enrollment.persons.schemas import MaskedPerson, PersonIn
from shared.schemas import Code, Id, LongText, Name, Request, View


class Nominee(PersonIn):
    """The person put forward, with the post held in the enterprise."""

    post: Name = Field(examples=["总经理"])


class Nominate(Request):
    """The channel is not stated: it follows from who nominates (C34)."""

    class_id: Id
    enterprise_uscc: str = Field(min_length=1, max_length=40, examples=["91350100M000100Y43"])
    person: Nominee
    target_group: Code
    evidence: dict[Code, LongText] = Field(default_factory=dict, max_length=20)
    declarations: list[Code] = Field(default_factory=list, max_length=20)
    second_enrolment_reason: LongText | None = None


class FindingView(View):
    """What screening found: a stable code, where (JSON pointer into the item), and who can mend it."""

    code: str
    severity: Severity
    pointer: str
    fixed_by: str
    zh: str
    en: str


class ScreeningView(View):
    """What would become of a person who is put forward: by which channel, and what screening has to say."""

    class_id: str
    channel: str
    department_id: str
    findings: list[FindingView]


class CreditView(View):
    """Who put the person forward by one channel; each channel keeps its credit (C34)."""

    channel: str
    organisation_id: str
    at: datetime


class NominationView(View):
    id: str
    cycle_id: str
    class_id: str
    person: MaskedPerson
    enterprise_id: str
    department_id: str
    post: str
    target_group: str
    evidence: dict[str, Any]
    declarations: list[str]
    credits: list[CreditView]
    industry_code: str
    industry_section: str | None
    size_class: str | None
    tier: str | None
    findings: list[FindingView]
    second_enrolment_reason: str | None
    status: str
    version: int
