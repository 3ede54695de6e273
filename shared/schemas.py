"""What goes over the wire: the bases of all requests and views, the types of their fields, strict JSON.

Every bound here exists because a store or a reader breaks beyond it: PostgreSQL refuses U+0000 and
integers above 64 bits, UTF-8 cannot write half a surrogate pair, a date of year 1 leaves the
calendar as soon as a zone is applied.
"""

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import StringConstraints as Text
from pydantic_core import PydanticCustomError

Location = tuple[str | int, ...]

LARGEST_INTEGER = 2**63 - 1
LARGEST_COUNT = 2**31 - 1
_LINE = r"^[^\x00-\x1f\x7f]*$"
_LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_FIRST, _LAST = date(1900, 1, 1), date(2199, 12, 31)


class Request(BaseModel):
    """A body that a client sends; a field that the operation does not know refuses it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class View(BaseModel):
    """A body that we answer; built from a row or from values."""

    model_config = ConfigDict(
        from_attributes=True, frozen=True, json_schema_serialization_defaults_required=True
    )


def _only_text(value: object) -> object:
    """Refuse numbers: pydantic would read one as seconds since 1970."""
    if isinstance(value, str | date):
        return value
    raise PydanticCustomError("string_type", "Input should be a valid string")


def _in_calendar(value: date) -> date:
    day = value.date() if isinstance(value, datetime) else value
    if not _FIRST <= day <= _LAST:
        raise PydanticCustomError("date_out_of_range", "Input should lie between 1900 and 2199")
    return value


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


# Examples are shown by the docs page, which would make them up from the patterns.
Name = Annotated[
    str,
    Text(strip_whitespace=True, min_length=1, max_length=200, pattern=_LINE),
    Field(examples=["演练"]),
]
ShortText = Annotated[
    str,
    Text(strip_whitespace=True, min_length=1, max_length=500, pattern=_LINE),
    Field(examples=["演练"]),
]
LongText = Annotated[
    str,
    Text(strip_whitespace=True, min_length=1, max_length=5000, pattern=_LINES),
    Field(examples=["演练"]),
]
Code = Annotated[
    str,
    Text(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.:-]*$"),
    Field(examples=["leading_sme"]),
]
Id = Annotated[str, Text(pattern=_UUID), Field(examples=["01a21538-1758-7890-895f-34bfd27f2aac"])]
CycleId = Annotated[
    str,
    Text(max_length=100, pattern=r"^[a-z0-9][a-z0-9-]*\.[0-9A-Za-z][0-9A-Za-z-]*$"),
    Field(examples=["miit-sme-leaders.cycle"]),
]
Integer = Annotated[int, Field(strict=True, ge=-LARGEST_INTEGER - 1, le=LARGEST_INTEGER)]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_COUNT, examples=[60])]
Position = Annotated[int, Field(strict=True, ge=1, le=LARGEST_COUNT, examples=[1])]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
Percent = Annotated[int, Field(strict=True, ge=0, le=100)]
Fen = Annotated[int, Field(strict=True, ge=0, le=10**15)]
Day = Annotated[date, BeforeValidator(_only_text), AfterValidator(_in_calendar)]
Moment = Annotated[
    AwareDatetime, BeforeValidator(_only_text), AfterValidator(_in_calendar), AfterValidator(_to_utc)
]


class MalformedJson(ValueError):
    """The body is no JSON text in UTF-8 (RFC 8259)."""


# What is worth a second look, found in the raw bytes so that ordinary bodies are never walked.
_SUSPICIOUS = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|[0-9]{19}|[eE]\+?[0-9]{3}")


def read_json(body: bytes) -> Any:
    """Parse a body; refuse what Python reads but nobody can store or write again."""
    try:
        value = json.loads(body.decode(), parse_constant=_refuse_constant)
        faults = list(_unstorable(value, ("body",))) if _SUSPICIOUS.search(body) else []
    except (ValueError, RecursionError) as error:  # also UnicodeDecodeError and integers of 4,300 digits
        raise MalformedJson from error
    if faults:
        raise RequestValidationError(faults)
    return value


def can_store(text: str) -> bool:
    """Tell whether both databases take this text."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _unstorable(value: object, place: Location) -> Iterator[dict[str, Any]]:
    match value:
        case str() if not can_store(value):
            yield {"type": "text_unstorable", "loc": place, "msg": "unstorable text"}
        case int() if not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
            yield {"type": "int_parsing_size", "loc": place, "msg": "integer above 64 bits"}
        case float() if not math.isfinite(value):
            yield {"type": "finite_number", "loc": place, "msg": "number too large"}
        case list():
            for index, item in enumerate(value):
                yield from _unstorable(item, (*place, index))
        case dict():
            for name, item in value.items():
                if can_store(name):
                    yield from _unstorable(item, (*place, name))
                else:
                    yield {"type": "text_unstorable", "loc": place, "msg": "unstorable field name"}
        case _:
            pass
