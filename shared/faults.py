"""How an error is told in logs and rows: by its kind and place, never by its message.

The message of an error may quote what a person typed, and rows and logs live longer than the request.
"""

from pathlib import Path
from traceback import extract_tb

from sqlalchemy.exc import DBAPIError


def describe(error: BaseException) -> str:
    """Say what kind of error it was and which line of ours it came from."""
    state = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    frames = extract_tb(error.__traceback__)
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" at {Path(own[-1].filename).name}:{own[-1].lineno} in {own[-1].name}" if own else ""
    return f"{type(error).__name__}{f' {state}' if state else ''}{place}"


def refusal_of(error: DBAPIError | PoolExhausted) -> Exception | None:
    """Name what the database refused; None when it is a defect of ours."""
    if isinstance(error, PoolExhausted) or is_transient(error):
        return Busy()
    state = str(getattr(error.orig, "sqlstate", None) or "")
    words = str(error.orig)
    if isinstance(error, IntegrityError):
        if state in _TWICE or "UNIQUE constraint failed" in words:
            return ConcurrentChange()
        if state in _UNKNOWN or "FOREIGN KEY constraint failed" in words:
            return ReferenceMissing()
    return ValueUnstorable() if isinstance(error, DataError) or state.startswith("22") else None
