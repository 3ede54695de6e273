"""How an error is told in logs and rows: by its kind and place, never by its message.

The message of an error may quote what a person typed, and rows and logs live longer than the request.
"""

from pathlib import Path
from traceback import extract_tb

from sqlalchemy.exc import DBAPIError

_NOT_OURS = ("site-packages", str(Path(__file__).with_name("sqlite.py")))
"""Libraries, and the driver beneath one: what they raise was caused by who called them."""


def describe(error: BaseException) -> str:
    """Say what kind of error it was and which line of ours it came from."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    frames = extract_tb(error.__traceback__)
    own = [frame for frame in frames if not any(part in frame.filename for part in _NOT_OURS)] or frames
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name}" if own else ""
    return f"{type(error).__name__}{f' {state}' if state else ''}{place}"
