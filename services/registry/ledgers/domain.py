"""What is entered in a ledger: money that comes in by a line, or goes out for a kind of cost (C30, C33)."""

from collections.abc import Iterable
from typing import Literal

EntryKind = Literal["funding", "expense"]
Line = Literal["central", "local_support", "tuition", "other"]

FUNDING: EntryKind = "funding"
EXPENSE: EntryKind = "expense"

Sum = tuple[EntryKind, str, int]
"""A kind of entry, its line or category, and what came to it in fen, less what was reversed."""


def sums_of(kind: EntryKind, sums: Iterable[Sum]) -> dict[str, int]:
    """Take from the sums of a ledger those of one kind, by line or category."""
    return {name: fen for one, name, fen in sums if one == kind}
