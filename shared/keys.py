"""The keys of the platform: one JWK Set (RFC 7517) per purpose in a directory, the newest key first.

A rotation puts a new key in front and leaves the old ones readable; `shared/rotation.py` says from when the
new one is used. When a key was made is noted beside it (`iat`, a parameter of JWKs by OpenID Federation).
Only a rehearsal makes keys by itself; a system in production that lacks one says so and does not start.
"""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey

from shared.rotation import AT_RESTART, AT_STANDSTILL, TOKENS, Made, Rotation, in_use, needed, settles_at

Jwk = dict[str, Any]

MADE_AT = "iat"
_KEY_BITS = 256

_MAKERS: Mapping[str, Callable[[], Key]] = {
    "token-signing": lambda: ECKey.generate_key("P-256", private=True),
    "stamp": lambda: OKPKey.generate_key("Ed25519", private=True),
    "person-data": lambda: OctKey.generate_key(_KEY_BITS),
    "person-index": lambda: OctKey.generate_key(_KEY_BITS),
    "name-seal": lambda: OKPKey.generate_key("X25519", private=True),
    "document-signing": lambda: OKPKey.generate_key("Ed25519", private=True),
    "holder-data": lambda: OctKey.generate_key(_KEY_BITS),
    "code-index": lambda: OctKey.generate_key(_KEY_BITS),
    "personal-link": lambda: OctKey.generate_key(_KEY_BITS),
}
PURPOSES = tuple(_MAKERS)

ROTATIONS: Mapping[str, Rotation] = {
    **dict.fromkeys(PURPOSES, AT_RESTART),
    "token-signing": TOKENS,
    "person-index": AT_STANDSTILL,
}


class KeyMissing(Exception):
    """A key file is not there, and this process may not make one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is missing; `lingjun keys` makes what is missing")


class RotationSettling(Exception):
    """The newest key is not used yet: a further one would only be in its way."""

    def __init__(self, purpose: str, until: int) -> None:
        self.purpose = purpose
        self.until = until
        super().__init__(f"the newest key of {purpose} is used from {instant(until)}; rotate after that")


class OldKeysNeeded(Exception):
    """What the old keys of this purpose wrote must stay readable, so none of them may go."""

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        super().__init__(f"{purpose} cannot do without its old keys: what they wrote would be lost")


class KeyRing:
    """The keys in a directory. `create` makes a missing one, readable by its owner alone.

    `now` is real time in seconds: keys are used and pruned by it, in a rehearsal too.
    """

    def __init__(
        self, directory: Path, *, create: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        self._directory = directory
        self._create = create
        self._now = now

    def private(self, purpose: str) -> KeySet:
        """Load the keys of a purpose, the one in use first."""
        return self._ordered(purpose, self._read(purpose))

    def public(self, purpose: str) -> KeySet:
        """Load the public halves; a process that only verifies may be given `<purpose>.public.json` alone."""
        path = self._directory / f"{purpose}.public.json"
        if path.exists():
            return self._ordered(purpose, read_keys(path))
        return KeySet.import_key_set(self.private(purpose).as_dict(private=False))

    def path(self, purpose: str) -> Path:
        if purpose not in _MAKERS:
            raise ValueError(f"{purpose!r} is no purpose of a key")
        return self._directory / f"{purpose}.json"

    def make_missing(self, purposes: Iterable[str] = PURPOSES) -> list[str]:
        """Make every key of these purposes that is not there yet, and name those made."""
        missing = [purpose for purpose in purposes if not self.path(purpose).exists()]
        for purpose in missing:
            _write_new(self.path(purpose), [self._make(purpose)])
        return missing

    def rotate(self, purpose: str) -> str:
        """Put a new key in front of those still needed and return its id; it is used once it has settled.

        Refuses with RotationSettling while an earlier rotation is under way.
        """
        with self._alone():
            keys = self._read(purpose)
            times = made(keys)
            if (until := settles_at(times, ROTATIONS[purpose], self._now())) is not None:
                raise RotationSettling(purpose, until)
            key = self._make(purpose)
            kept = keys[: needed(times, ROTATIONS[purpose], self._now())]
            _replace(self.path(purpose), [key, *kept])
        return str(key["kid"])

    def replace(self, purpose: str) -> str:
        """Put a new key in the place of all others, for one that a stranger knows; it is used at once.

        Refuses with OldKeysNeeded where something written with them must stay readable.
        """
        if ROTATIONS[purpose].kept is None:
            raise OldKeysNeeded(purpose)
        with self._alone():
            self._read(purpose)
            key = self._make(purpose)
            _replace(self.path(purpose), [key])
        return str(key["kid"])

    def prune(self, purpose: str) -> list[str]:
        """Take out the keys that nothing unexpired was made with, and name them."""
        with self._alone():
            keys = self._read(purpose)
            count = needed(made(keys), ROTATIONS[purpose], self._now())
            if count < len(keys):
                _replace(self.path(purpose), keys[:count])
        return [str(key["kid"]) for key in keys[count:]]

    def publish(self, purpose: str, directory: Path) -> None:
        """Write the public halves for a process that only verifies or only seals."""
        keys = KeySet.import_key_set({"keys": self._read(purpose)}).as_dict(private=False)["keys"]
        _replace(directory / f"{purpose}.public.json", [dict(key) for key in keys])

    def _read(self, purpose: str) -> list[Jwk]:
        path = self.path(purpose)
        if not path.exists():
            if not self._create:
                raise KeyMissing(path)
            _write_new(path, [self._make(purpose)])
        return read_keys(path)

    def _ordered(self, purpose: str, keys: list[Jwk]) -> KeySet:
        used = in_use(made(keys), ROTATIONS[purpose], self._now())
        return KeySet.import_key_set({"keys": [keys[used], *keys[:used], *keys[used + 1 :]]})

    def _make(self, purpose: str) -> Jwk:
        kid = f"{purpose}-{secrets.token_hex(8)}"
        return {**_MAKERS[purpose]().as_dict(private=True), "kid": kid, MADE_AT: int(self._now())}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let nobody else change the keys meanwhile: of two rotations at once, one would be lost."""
        if not self._directory.exists():
            raise KeyMissing(self._directory)
        with _opened(self._directory) as folder:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield


def read_keys(path: Path) -> list[Jwk]:
    """Read a file of keys, newest first; raises ValueError, KeyError or TypeError when it is none."""
    keys: list[Jwk] = json.loads(path.read_bytes())["keys"]
    if not keys or not all(isinstance(at, Made) for at in made(keys)):
        raise ValueError(path.name)
    return keys


def made(keys: Iterable[Jwk]) -> list[Made]:
    return [key.get(MADE_AT) for key in keys]


def instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _write_new(path: Path, keys: list[Jwk]) -> None:
    """Write a file that is whole or absent; when two processes make one, the first stands for both."""
    draft = _draft(path, keys)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _keep(path.parent)


def _replace(path: Path, keys: list[Jwk]) -> None:
    """Write a file anew: a reader, also after a power cut, finds the old one or the new one, whole."""
    draft = _draft(path, keys)
    try:
        draft.replace(path)
    except BaseException:
        draft.unlink()  # it holds a key
        raise
    _keep(path.parent)


def _draft(path: Path, keys: list[Jwk]) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = json.dumps({"keys": keys}, indent=1)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft


def _keep(folder: Path) -> None:
    """Make the names in a folder outlive a power cut."""
    with _opened(folder) as descriptor:
        os.fsync(descriptor)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
