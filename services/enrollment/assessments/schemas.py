"""Final reports and scores on the wire. Scores are whole hundredths: 8550 is 85.50."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from shared.bulk import Items
from shared.schemas import Id, LongText, Name, Request, ShortText, View

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Hundredths = Annotated[int, Field(strict=True, ge=0, le=10_000)]


class SubmitReport(Request):
    """`reference` says where the report lies (an attachment, an archive number)."""

    enrolment_id: Id
    reference: ShortText
    sha256: Sha256


class SubmitReports(Items[SubmitReport]):
    class_id: Id


class ReturnReport(Request):
    reason: LongText


class RecordScore(Request):
    enrolment_id: Id
    course: Name
    score: Hundredths


class RecordScores(Items[RecordScore]):
    class_id: Id


class FinalReportView(View):
    id: str
    class_id: str
    enrolment_id: str
    reference: str
    sha256: str
    status: Literal["submitted", "accepted", "returned"]
    return_reason: str | None
    submitted_at: datetime
    decided_at: datetime | None
    version: int


class CourseScoreView(View):
    enrolment_id: str
    course: str
    class_id: str
    score: int
    recorded_at: datetime
