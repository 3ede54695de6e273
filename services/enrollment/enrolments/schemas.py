"""Enrolments on the wire."""

from datetime import datetime
from typing import Literal

from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import LongText, Request, View


class WithdrawTrainee(Request):
    reason: LongText


class EnrolmentView(View):
    """A trainee of a class. `head`: counts toward the floor of the cycle (C06, Q7).

    One that is merged goes on as the one that it names. Why the trainee left is shown to who may see the
    trainee, and told to nobody else: it may name people.
    """

    id: str
    cycle_id: str
    class_id: str
    roster_id: str
    position: int
    person: MaskedPerson
    enterprise_id: str
    department_id: str
    head: bool
    status: Literal["enrolled", "withdrawn", "merged", "completed", "not_completed"]
    certificate_number: str | None
    replaces_enrolment_id: str | None
    withdrawn_at: datetime | None
    withdrawal_reason: str | None
    merged_into_enrolment_id: str | None
    version: int
