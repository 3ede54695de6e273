"""JSON logs without personal data: one line a request, and a processor that drops what names a person.

Messages of exceptions are left out as well: they quote values. A defect is found by its type and
the places it passed through.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

from shared.redacted import describe

PERSONAL = frozenset(
    {
        "address",
        "authorization",
        "body",
        "certificate_name",
        "client_secret",
        "document",
        "document_number",
        "email",
        "name",
        "number",
        "password",
        "person",
        "phone",
        "query",
        "query_string",
        "secret",
        "token",
    }
)
_DROPPED = "(dropped)"


def configure(service: str, *, stream: TextIO | None = None) -> None:
    """Write JSON lines for this process; call it once, at its start."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            drop_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream or sys.stdout),
    )
    structlog.contextvars.bind_contextvars(service=service)


def drop_personal_data(_logger: object, _method: str, entry: MutableMapping[str, Any]) -> dict[str, Any]:
    """Drop, at any depth, the fields that are known to name a person or to open a door."""
    return {name: _DROPPED if name.lower() in PERSONAL else _clean(value) for name, value in entry.items()}


def _clean(value: object) -> Any:
    match value:
        case dict():
            return {
                str(name): _DROPPED if str(name).lower() in PERSONAL else _clean(inner)
                for name, inner in value.items()
            }
        case list() | tuple():
            return [_clean(inner) for inner in value]
        case BaseException():
            return describe(value)
        case _:
            return value
