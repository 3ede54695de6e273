"""Which process needs which keys, and folders that hold no others: least privilege for the networked home.

Who only verifies or only seals gets the public half. Each folder may become a volume of its own.
A rotation reaches every folder that holds the purpose, and the public halves follow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shared.keys import KeyRing, RotationSettling


@dataclass(frozen=True, slots=True)
class Need:
    """The purposes whose private keys a process holds, and those of which it sees the public half."""

    private: tuple[str, ...]
    public: tuple[str, ...] = ()


NEEDS: Mapping[str, Need] = {
    "gateway": Need(private=("stamp",)),
    "registry": Need(private=("token-signing", "person-data", "person-index"), public=("stamp",)),
    "enrollment": Need(
        private=("person-data", "person-index", "personal-link"), public=("stamp", "name-seal")
    ),
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
    _publish(root)
    return made


def rotate(root: Path, purpose: str) -> list[str]:
    """Rotate a purpose in each folder that holds it, but for those that an interrupted run has rotated."""
    made: list[str] = []
    settling: RotationSettling | None = None
    for process in _holders(purpose):
        try:
            made.append(f"{process}/{KeyRing(root / process).rotate(purpose)}")
        except RotationSettling as refusal:
            settling = refusal
    _publish(root)
    if settling is not None and not made:
        raise settling
    return made


def replace(root: Path, purpose: str) -> list[str]:
    """Put a new key in the place of all others in each folder that holds the purpose."""
    made = [f"{process}/{KeyRing(root / process).replace(purpose)}" for process in _holders(purpose)]
    _publish(root)
    return made


def prune(root: Path, purpose: str) -> list[str]:
    """Take out the keys of a purpose that are past their use, in each folder that holds it."""
    gone = [
        f"{process}/{kid}" for process in _holders(purpose) for kid in KeyRing(root / process).prune(purpose)
    ]
    _publish(root)
    return gone


def _holders(purpose: str) -> list[str]:
    return [process for process, need in NEEDS.items() if purpose in need.private]


def _publish(root: Path) -> None:
    for process, need in NEEDS.items():
        for purpose in need.public:
            KeyRing(root / _OWNERS[purpose]).publish(purpose, root / process)
