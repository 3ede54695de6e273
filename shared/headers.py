"""What an operation reads from request headers: its time, the version it rests on, its ETag.

The domain's time is taken once, at arrival, and stays the same when the edge runs a command again.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Header, Request, Response

NOW_HEADER = "Lingjun-Now"
NOT_THERE = 0
"""The version of what does not exist yet: who rests on one of it rests on what is not there."""
_ARRIVED = "lingjun.arrived"
_ETAG = re.compile(r'"([0-9]{1,18})"')
_RFC_3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_YEARS = range(1900, 2200)


class NowRefused(Exception):
    """`Lingjun-Now` was sent to a system in production."""


class NowMalformed(Exception):
    """`Lingjun-Now` is no instant."""


class IfMatchMalformed(Exception):
    """`If-Match` is not one strong ETag of ours."""


class VersionConflict(Exception):
    """The resource has changed since the caller read it."""

    def __init__(self, *, current: int, expected: int) -> None:
        self.current = current
        self.expected = expected
        super().__init__(current, expected)


def arrive(request: Request) -> None:
    """Take the real time of this request, once."""
    request.scope.setdefault(_ARRIVED, datetime.now(UTC))


def read_now(request: Request) -> None:
    """Find the time that the domain takes for the present, or refuse the one that was sent."""
    given = request.headers.get(NOW_HEADER)
    if given is None:
        arrive(request)
        request.state.now = request.scope[_ARRIVED]
    elif not request.app.state.settings.is_rehearsal:
        raise NowRefused
    else:
        request.state.now = _parse(given)


def _parse(text: str) -> datetime:
    if not _RFC_3339.fullmatch(text):
        raise NowMalformed
    try:
        now = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise NowMalformed from error
    if now.year not in _YEARS:
        raise NowMalformed
    return now.astimezone(UTC)


async def _now(request: Request) -> datetime:
    now: datetime = request.state.now
    return now


async def _if_match(
    given: Annotated[
        str | None, Header(alias="If-Match", description="所依据版本的 ETag / ETag of the version rested on")
    ] = None,
) -> int | None:
    if given is None or given.strip() == "*":
        return None
    if not (match := _ETAG.fullmatch(given.strip())):
        raise IfMatchMalformed
    return int(match[1])


Now = Annotated[datetime, Depends(_now)]
IfMatch = Annotated[int | None, Depends(_if_match)]


def check_version(current: int, if_match: int | None) -> None:
    """Refuse when the caller rests on another version than the present one."""
    if if_match is not None and if_match != current:
        raise VersionConflict(current=current, expected=if_match)


def etag(response: Response, version: int) -> None:
    """Say which version the answer shows."""
    response.headers["ETag"] = f'"{version}"'
