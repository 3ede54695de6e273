"""Cursors of the feed: opaque, of one reader, and good for the scope in which they were given.

All clients of an organisation are one reader.
"""

import base64
import json

from services.integration.domain import FeedScopeChanged, Scope
from shared.paging import CursorMalformed
from shared.schemas import LARGEST_INTEGER

_LONGEST = 200


def write_cursor(number: int, scope: Scope) -> str:
    text = json.dumps([number, scope.reader_digest, scope.digest], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str, scope: Scope) -> int:
    """Read the number that a cursor stands for.

    Raises CursorMalformed for what is no cursor of this reader, FeedScopeChanged for one of another scope.
    """
    if len(cursor) > _LONGEST:
        raise CursorMalformed
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        number, reader, given = json.loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise CursorMalformed from error
    if type(number) is not int or not 0 <= number <= LARGEST_INTEGER or not isinstance(given, str):
        raise CursorMalformed
    if reader != scope.reader_digest:
        raise CursorMalformed
    if given != scope.digest:
        raise FeedScopeChanged
    return number
