"""Cursors of the feed: opaque, and good for the scope in which they were given."""

import base64
import json

from services.integration.domain import FeedScopeChanged
from shared.paging import CursorMalformed
from shared.schemas import LARGEST_INTEGER

_LONGEST = 200


def write_cursor(number: int, digest: str) -> str:
    text = json.dumps([number, digest], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, digest: str) -> int:
    """Read the number that a cursor stands for; refuse one of another scope, and what is no cursor."""
    if len(cursor) > _LONGEST:
        raise CursorMalformed
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        number, given = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise CursorMalformed from error
    if type(number) is not int or not 0 <= number <= LARGEST_INTEGER or not isinstance(given, str):
        raise CursorMalformed
    if given != digest:
        raise FeedScopeChanged
    return number
