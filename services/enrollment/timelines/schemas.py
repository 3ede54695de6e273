"""Timelines on the wire: trainees by pseudonymous id only."""

from datetime import datetime

from services.enrollment.timelines.domain import Happened
from shared.schemas import View


class TimelineEvent(View):
    """One thing that happened to `subject_id`; `organisation_id` is who did it, where that is known."""

    at: datetime
    code: Happened
    zh: str
    en: str
    subject_id: str
    enrolment_id: str | None
    organisation_id: str | None
