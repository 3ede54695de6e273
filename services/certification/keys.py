"""The keys that certification works with, read once per process.

`names` opens what enrollment sealed to us; `holders` wraps the data key of each holder; `signing`
signs credentials; `codes` derives verification codes, so that a link can be shown again although
only its hash is stored.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.jwk import Key, KeySet, OctKey, OKPKey

from shared.keys import KeyRing
from shared.sealed import Sealer

_CODE_BYTES = 16


class KeyUnfit(TypeError):
    """A key file holds a key of another kind than its purpose asks."""


@dataclass(frozen=True)
class Keys:
    names: KeySet
    holders: Sealer
    signing: KeySet
    codes: KeySet

    @property
    def signing_key(self) -> tuple[str, Ed25519PrivateKey]:
        """The active signing key and its id."""
        key = self.signing.keys[0]
        if not isinstance(key, OKPKey) or not isinstance(key.private_key, Ed25519PrivateKey):
            raise KeyUnfit
        return str(key.kid), key.private_key

    def verifying_key(self, key_id: str) -> Ed25519PublicKey | None:
        """Find the public half of a signing key, also of one that was rotated away."""
        key = _find(self.signing, key_id)
        public = key.public_key if isinstance(key, OKPKey) else None
        return public if isinstance(public, Ed25519PublicKey) else None

    @property
    def code_key(self) -> str:
        return str(self.codes.keys[0].kid)

    def code(self, certificate_id: str, key_id: str) -> str:
        """Derive the verification code of a certificate: 128 bits that nobody without the key can guess."""
        key = _find(self.codes, key_id)
        if not isinstance(key, OctKey):
            raise KeyUnfit
        digest = hmac.digest(key.raw_value, certificate_id.encode(), "sha256")[:_CODE_BYTES]
        return base64.b32encode(digest).decode().rstrip("=").lower()


def code_hash(code: str) -> bytes:
    """Hash a code as it was typed or scanned; letters may come in either case."""
    return hashlib.sha256(code.strip().lower().encode()).digest()


@lru_cache(maxsize=8)
def keys_in(directory: Path, *, create: bool) -> Keys:
    """Read the keys of a directory; only a rehearsal may create those that are missing."""
    ring = KeyRing(directory, create=create)
    holders = ring.private("holder-data")
    return Keys(
        names=ring.private("name-seal"),
        holders=Sealer(holders, holders),
        signing=ring.private("document-signing"),
        codes=ring.private("code-index"),
    )


def _find(keys: KeySet, key_id: str) -> Key | None:
    return next((key for key in keys.keys if key.kid == key_id), None)
