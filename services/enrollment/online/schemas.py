"""Online hours on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from shared.bulk import Items
from shared.schemas import Id, Moment, Name, Request, ShortText, View

OnlineMinutes = Annotated[int, Field(strict=True, ge=1, le=1440)]


class OnlineHours(Request):
    """What a learning platform says of one trainee; `source_id` is the record's id there."""

    enrolment_id: Id
    source_id: Name
    course: ShortText
    minutes: OnlineMinutes
    at: Moment


class ImportOnlineHours(Items[OnlineHours]):
    """Records of one learning platform, `source`, about trainees of one class."""

    class_id: Id
    source: Name


class ImportStatements(Items[dict[str, Any]]):
    """xAPI statements about trainees of one class.

    `actor.account.name` is the id of the enrolment or of the person; `result.duration` says how long.
    """

    class_id: Id


class OnlineRecordView(View):
    id: str
    class_id: str
    enrolment_id: str
    source: str
    source_id: str
    course: str
    seconds: int
    at: datetime
