"""Named errors as RFC 9457 problem details, in Chinese or English.

A service maps its errors to faults in one table; the platform's own stand in `shared/faults.py`.
The sentence, and every attribute of the error as a member, go to the client: an error carries
plain values and no secret. Submitted values are never echoed.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import to_jsonable_python

from shared.sentences import Language, sentence, title

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:lingjun:problem:"
FixedBy = Literal[
    "caller", "submitter", "reviewer", "organisation", "department", "bureau", "operator", "nobody"
]
_BEIJING = timezone(timedelta(hours=8))


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """How a named error is answered: status, a sentence per language, and who can mend it.

    The sentences are templates over the error's attributes. `pointer` names the field of the body
    that is to blame.
    """

    status: int
    zh: str
    en: str
    fixed_by: FixedBy
    pointer: str | None = None


Faults = Mapping[type[Exception], Fault]


def _is_none(value: object) -> bool:
    return value is None


class Detail(BaseModel):
    """One part of the request that is to blame; `pointer` is a JSON pointer into the body."""

    pointer: str | None = Field(default=None, exclude_if=_is_none)
    parameter: str | None = Field(default=None, exclude_if=_is_none)
    code: str
    detail: str


class Problem(BaseModel):
    """A problem detail (RFC 9457); further members are the attributes of the error."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = Field(default=None, exclude_if=_is_none)
    fixed_by: FixedBy
    errors: list[Detail] = Field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """In which language this request is answered, and what each error says."""

    faults: Faults
    language: Language = "zh"


_SILENT = Voice({})
_voice: ContextVar[Voice] = ContextVar("voice", default=_SILENT)


def speak(voice: Voice) -> None:
    """Answer the present request, and only it, in this voice."""
    _voice.set(voice)


@contextmanager
def speaking(voice: Voice) -> Iterator[None]:
    """Answer in this voice inside the block; a gateway in the same task gets its own back afterwards."""
    token = _voice.set(voice)
    try:
        yield
    finally:
        _voice.reset(token)


def present_language() -> Language:
    return _voice.get().language


def fault_of(error: Exception) -> Fault | None:
    """Find the fault of an error or of its nearest named ancestor."""
    faults = _voice.get().faults
    return next((faults[kind] for kind in type(error).__mro__ if kind in faults), None)


def code_of(error: type[Exception]) -> str:
    """Name an error on the wire: `KeyReused` is `key-reused`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", error.__name__).lower()


def problem_of(error: Exception, *, index: int | None = None, instance: str | None = None) -> Problem:
    """Describe a named error; raises the error itself when it has no fault."""
    fault = fault_of(error)
    if fault is None:
        raise error
    language = present_language()
    attributes = _attributes(error)
    words = fault.zh if language == "zh" else fault.en
    detail = words.format_map(_Spoken(attributes, language))
    code = code_of(next(kind for kind in type(error).__mro__ if kind in _voice.get().faults))
    place = None if index is None else f"/items/{index}"
    if fault.pointer is not None:
        place = f"{place or ''}{fault.pointer}"
    return Problem(
        **{name: value for name, value in attributes.items() if name not in Problem.model_fields},
        type=TYPE_PREFIX + code,
        title=title(fault.status, language),
        status=fault.status,
        detail=detail,
        instance=instance,
        fixed_by=fault.fixed_by,
        errors=[] if place is None else [Detail(pointer=place, code=code, detail=detail)],
    )


def item_problem(error: Exception, index: int) -> Problem:
    """Describe what was refused about item `index` of a bulk request."""
    return problem_of(getattr(error, "refusal", error), index=index)


def plain_problem(
    status: int, code: str, detail: str, *, fixed_by: FixedBy, errors: Iterable[Detail] = ()
) -> Problem:
    """Describe what no named error stands for: HTTP's own refusals and defects."""
    return Problem(
        type=TYPE_PREFIX + code,
        title=title(status, present_language()),
        status=status,
        detail=detail,
        fixed_by=fixed_by,
        errors=list(errors),
    )


def invalid_parts(errors: Sequence[Any]) -> list[Detail]:
    """Name what a schema refuses, by pointer or parameter and code, without the values sent."""
    language = present_language()
    parts = []
    for error in errors:
        source, *place = error["loc"] or ("body",)
        code = str(error["type"])
        parts.append(
            Detail(
                pointer=_pointer(place) if source == "body" else None,
                parameter=None if source == "body" else ".".join(str(step) for step in place),
                code=code,
                detail=sentence(code, error.get("ctx") or {}, language),
            )
        )
    return parts


def respond(request: Request, problem: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with this problem."""
    if problem.instance is None:
        problem = problem.model_copy(update={"instance": request.url.path})
    return Response(
        problem.model_dump_json(exclude_none=True).encode(),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers={
            **(headers or {}),
            "content-language": present_language(),
            "vary": "accept-language",
            "cache-control": "no-store",
        },
    )


def preferred_language(header: str | None) -> Language:
    """Choose between zh and en by Accept-Language (RFC 9110); zh unless en is wanted more."""
    best: dict[str, float] = {}
    for wish in (header or "").lower().split(","):
        name, *parameters = (part.strip() for part in wish.split(";"))
        weight = next((p.removeprefix("q=") for p in parameters if p.startswith("q=")), "1")
        if not re.fullmatch(r"[01](\.[0-9]{0,3})?", weight):
            continue
        primary = name.partition("-")[0]
        best[primary] = max(best.get(primary, 0.0), float(weight))
    anything = best.get("*", 0.0)
    return "en" if best.get("en", anything) > best.get("zh", anything) else "zh"


def _pointer(place: Sequence[str | int]) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


def _attributes(error: Exception) -> dict[str, Any]:
    names = [field.name for field in dataclasses.fields(error)] if dataclasses.is_dataclass(error) else []
    values = {**{name: getattr(error, name) for name in names}, **vars(error)}
    return to_jsonable_python(
        {name: value for name, value in values.items() if not name.startswith("_")},
        fallback=str,
    )


class _Spoken(dict[str, Any]):
    """The attributes as words: lists joined, instants in Beijing time; what is absent is a dash."""

    def __init__(self, attributes: Mapping[str, Any], language: Language) -> None:
        super().__init__()
        self._attributes = attributes
        self._language = language

    def __missing__(self, name: str) -> str:
        match self._attributes.get(name):
            case None:
                return "—"
            case list() as values:
                return ("、" if self._language == "zh" else ", ").join(str(value) for value in values)
            case str() as text if "T" in text and (instant := _instant(text)):
                zone = "（北京时间）" if self._language == "zh" else " (Beijing time)"
                return f"{instant:%Y-%m-%d %H:%M:%S}{zone}"
            case value:
                return str(value)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(_BEIJING) if instant.tzinfo else None
