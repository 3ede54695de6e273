"""What a reader sees of a change, by the terms that name it (`shared/events/audience.py`)."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Sighting = Literal["upsert", "exit"]

READS_EVERYTHING = "bureau"


class FeedScopeChanged(Exception):
    """What the caller may see has changed through a pack since the cursor was given: begin anew."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who reads, and the terms that name that reader; None names the one who reads everything."""

    reader: str
    terms: frozenset[str] | None

    @property
    def reader_digest(self) -> str:
        """Tell one reader from another in few characters; a cursor is one reader's only."""
        return _digest(self.reader)

    @property
    def digest(self) -> str:
        """Tell one scope from another in few characters; a cursor is good for one scope only."""
        return _digest("everything" if self.terms is None else "\n".join(sorted(self.terms)))

    def sees(self, audience: Iterable[str] | None) -> bool:
        if audience is None:
            return False
        return self.terms is None or not self.terms.isdisjoint(audience)


def sighting(
    scope: Scope, before: Collection[str] | None, after: Collection[str]
) -> tuple[Sighting, bool] | None:
    """Tell what a change is to a reader, and whether it came into sight by it; None when it is nothing."""
    saw, sees = scope.sees(before), scope.sees(after)
    if sees:
        return "upsert", not saw
    return ("exit", False) if saw else None


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]
