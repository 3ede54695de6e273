"""Which process needs which keys, and folders that hold no others: least privilege for the networked home.

Who only verifies or only seals gets the public half. Each folder may become a volume of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.keys import KeyRing


@dataclass(frozen=True, slots=True)
class Need:
    """The purposes whose private keys a process holds, and those of which it sees the public half."""

    private: tuple[str, ...]
    public: tuple[str, ...] = ()


NEEDS: Mapping[str, Need] = {
    "gateway": Need(private=("stamp",)),
    "registry": Need(private=("token-signing", "person-data", "person-index"), public=("stamp",)),
    "enrollment": Need(private=("person-data", "person-index"), public=("stamp", "name-seal")),
    "evaluation": Need(private=(), public=("stamp",)),
    "certification": Need(
        private=("name-seal", "document-signing", "holder-data", "code-index"), public=("stamp",)
    ),
    "integration": Need(private=(), public=("stamp",)),
}
"""Two services that hold keys of one purpose hold different keys: neither can read the other's data."""

_OWNERS = {purpose: process for process, need in NEEDS.items() for purpose in need.private}


def deal(root: Path) -> list[str]:
    """Make `root/<process>/` with the keys that each process needs; name the private keys that were made."""
    made: list[str] = []
    for process, need in NEEDS.items():
        made += [f"{process}/{purpose}" for purpose in KeyRing(root / process).make_missing(need.private)]
    for process, need in NEEDS.items():
        for purpose in need.public:
            KeyRing(root / _OWNERS[purpose]).publish(purpose, root / process)
    return made
