"""The keys of the platform: one JWK Set (RFC 7517) per purpose in a directory, the active key first.

A rotation puts a new key in front and leaves the old ones readable. Only a rehearsal makes keys by
itself; a system in production that lacks one says so and does not start.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey, Key, KeySet, OctKey, OKPKey

Jwk = dict[str, Any]

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
}
PURPOSES = tuple(_MAKERS)


class KeyMissing(Exception):
    """A key file is not there, and this process may not make one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is missing; `lingjun keys` makes what is missing")


class KeyRing:
    """The keys in a directory. `create` makes a missing one, readable by its owner alone."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        self._directory = directory
        self._create = create

    def private(self, purpose: str) -> KeySet:
        """Load the keys of a purpose, the active one first."""
        path = self._path(purpose)
        if not path.exists():
            if not self._create:
                raise KeyMissing(path)
            _write_new(path, [_make(purpose)])
        return KeySet.import_key_set(json.loads(path.read_bytes()))

    def public(self, purpose: str) -> KeySet:
        """Load the public halves; a process that only verifies may be given `<purpose>.public.json` alone."""
        path = self._directory / f"{purpose}.public.json"
        if path.exists():
            return KeySet.import_key_set(json.loads(path.read_bytes()))
        return KeySet.import_key_set(self.private(purpose).as_dict(private=False))

    def make_missing(self, purposes: Iterable[str] = PURPOSES) -> list[str]:
        """Make every key of these purposes that is not there yet, and name those made."""
        missing = [purpose for purpose in purposes if not self._path(purpose).exists()]
        for purpose in missing:
            _write_new(self._path(purpose), [_make(purpose)])
        return missing

    def rotate(self, purpose: str) -> str:
        """Put a new key in front of the others and return its id; processes use it once they reload."""
        key = _make(purpose)
        _replace(self._path(purpose), [key, *self.private(purpose).as_dict(private=True)["keys"]])
        return str(key["kid"])

    def publish(self, purpose: str, directory: Path) -> None:
        """Write the public halves for a process that only verifies or only seals."""
        keys = self.private(purpose).as_dict(private=False)["keys"]
        _replace(directory / f"{purpose}.public.json", [dict(key) for key in keys])

    def _path(self, purpose: str) -> Path:
        if purpose not in _MAKERS:
            raise ValueError(f"{purpose!r} is no purpose of a key")
        return self._directory / f"{purpose}.json"


def _make(purpose: str) -> Jwk:
    return {**_MAKERS[purpose]().as_dict(private=True), "kid": f"{purpose}-{secrets.token_hex(8)}"}


def _write_new(path: Path, keys: list[Jwk]) -> None:
    """Write a file that is whole or absent; when two processes make one, the first stands for both."""
    draft = _draft(path, keys)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _replace(path: Path, keys: list[Jwk]) -> None:
    _draft(path, keys).replace(path)


def _draft(path: Path, keys: list[Jwk]) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    text = json.dumps({"keys": keys}, indent=1)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
