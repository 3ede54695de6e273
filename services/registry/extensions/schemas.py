"""What goes over the wire about extensions."""

from datetime import date, datetime
from typing import Annotated, LiteralString, cast

from pydantic import Field, PlainValidator, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from shared.schemas import Day, Id, LongText, Moment, Request, View

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
_DAY_LETTERS = len("2022-12-31")


def _read(value: object) -> date | datetime:
    """Read a day or an instant, told apart by their length: no midnight, with or without a zone, is a day."""
    kind = _DAY if isinstance(value, str) and len(value) == _DAY_LETTERS else _MOMENT
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        code = cast("LiteralString", error.errors()[0]["type"])
        # One fault at this place: a union would name two, at places that nobody sent.
        raise PydanticCustomError(code, "neither a day nor an instant") from None


class ExtendDeadline(Request):
    until: Annotated[date | datetime, PlainValidator(_read, json_schema_input_type=Day | Moment)] = Field(
        description="The last day, to its end in the zone of the deadline, or the first instant too late."
    )
    organisation_ids: list[Id] = Field(max_length=1000, description="Empty: for everybody.")
    reason: LongText


class ExtensionView(View):
    id: str
    deadline_id: str
    number: int
    revision: int
    until: date | None = Field(description="The last day, where a day was asked for.")
    closes_at: datetime
    organisation_ids: list[str] = Field(description="Empty: for everybody.")
    reason: str
    given_at: datetime
    given_by: str | None = Field(description="The organisation that put the deadline off.")
    principal: str
