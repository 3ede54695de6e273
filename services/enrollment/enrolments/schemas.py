"""Enrolments on the wire."""

from typing import Literal

from services.enrollment.persons.schemas import MaskedPerson
from shared.schemas import View


class EnrolmentView(View):
    """A trainee of a class. `head`: counts toward the floor of the cycle (C06, Q7)."""

    id: str
    cycle_id: str
    class_id: str
    roster_id: str
    position: int
    person: MaskedPerson
    enterprise_id: str
    department_id: str
    head: bool
    status: Literal["enrolled", "withdrawn", "completed", "not_completed"]
    certificate_number: str | None
    version: int
