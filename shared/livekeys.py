"""The keys of a purpose as their file has them now, for a process that must not be started anew.

A file that changed is read again when somebody asks; one that cannot be read leaves the known keys.
"""

from pathlib import Path

import structlog
from joserfc.jwk import Key, KeySet

from shared.keys import ROTATIONS, Jwk, KeyRing, made, read_keys
from shared.rotation import in_use

_LOOKED_AT_EVERY = 1.0

_Mark = tuple[int, int, int]

_log = structlog.get_logger("keys")


class KeyUnfit(ValueError):
    """A file of private keys holds one that is not private."""


class LiveKeys:
    """Private keys that follow their file. It is looked at once a second at most, and only when asked."""

    def __init__(self, ring: KeyRing, purpose: str) -> None:
        ring.private(purpose)  # makes it in a rehearsal, and says in production that it is missing
        self._path = ring.path(purpose)
        self._rotation = ROTATIONS[purpose]
        self._mark: _Mark | None = _mark(self._path)
        self._refused: _Mark | None = None
        self._looked_at = float("-inf")
        self._made, self._keys = _load(read_keys(self._path))

    def at(self, now: float) -> KeySet:
        """Give all keys, the one in use at that second of real time first."""
        self._look(now)
        used = in_use(self._made, self._rotation, now)
        return KeySet([self._keys[used], *self._keys[:used], *self._keys[used + 1 :]])

    def _look(self, now: float) -> None:
        if 0 <= now - self._looked_at < _LOOKED_AT_EVERY:  # a clock may be set back
            return
        self._looked_at = now
        mark = None
        try:
            mark = _mark(self._path)
            if mark != self._mark:
                self._made, self._keys = _load(read_keys(self._path))
                self._mark = mark
        except Exception as fault:  # noqa: BLE001  whatever is in the file, the known keys go on
            if mark is None or mark != self._refused:  # said once of each content
                _log.error("keys not read; the known ones stay", file=self._path.name, error=fault)
            self._refused = mark


def _load(keys: list[Jwk]) -> tuple[list[int | None], list[Key]]:
    loaded = KeySet.import_key_set({"keys": keys}).keys
    if len(loaded) != len(keys) or not all(key.is_private for key in loaded):
        raise KeyUnfit
    return made(keys), loaded


def _mark(path: Path) -> _Mark:
    """Tell one content from another: a new file has another number, one written in place another time."""
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size
