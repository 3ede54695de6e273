"""Personal data at rest and on the way: AES-256-GCM per column, keyed blind indexes, HPKE to one reader.

Everything written names its algorithm and key, and both are authenticated together with the column:
a value cannot be moved to another column, and a rotated key stays readable. Losing a key loses the
data; destroying one is how data is erased.
"""

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from joserfc.jwk import Key, KeySet, OctKey, OKPKey

from shared.keys import KeyRing

_GCM = b"A256GCM"
_HMAC = b"HS256"
_NONCE_BYTES = 12
_HPKE = "HPKE-X25519-SHA256-A256GCM"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealBroken(Exception):
    """What should be opened was changed, belongs elsewhere, or was sealed with a key not at hand."""


class Sealer:
    """Seals values of one database. `data` encrypts, `index` makes equality searchable."""

    def __init__(self, data: KeySet, index: KeySet) -> None:
        self._active = _name(data.keys[0])
        self._data = {_name(key): AESGCM(_secret(key)) for key in data.keys}
        self._index = [(_name(key), HMAC(_secret(key), SHA256())) for key in index.keys]

    @classmethod
    def of_persons(cls, ring: KeyRing) -> "Sealer":
        return cls(ring.private("person-data"), ring.private("person-index"))

    def seal(self, plain: str, column: str) -> bytes:
        """Encrypt a value for one column, say `persons.name`; twice the same gives two ciphertexts."""
        return self.seal_bytes(plain.encode(), column)

    def seal_bytes(self, plain: bytes, column: str) -> bytes:
        """Encrypt what is no text, say a part of a file."""
        head = self.seal_prefix
        nonce = secrets.token_bytes(_NONCE_BYTES)
        cipher = self._data[self._active]
        return head + nonce + cipher.encrypt(nonce, plain, head + column.encode())

    def open(self, sealed: bytes, column: str) -> str:
        """Decrypt a value of that column."""
        try:
            return self.open_bytes(sealed, column).decode()
        except UnicodeDecodeError as error:
            raise SealBroken from error

    def open_bytes(self, sealed: bytes, column: str) -> bytes:
        """Decrypt what `seal_bytes` has made for that column."""
        algorithm, _, rest = sealed.partition(b":")
        key, _, payload = rest.partition(b":")
        if algorithm != _GCM or key not in self._data:
            raise SealBroken
        head = _GCM + b":" + key + b":"
        nonce, ciphertext = payload[:_NONCE_BYTES], payload[_NONCE_BYTES:]
        try:
            return self._data[key].decrypt(nonce, ciphertext, head + column.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error

    @property
    def seal_prefix(self) -> bytes:
        """What a value begins with that was sealed with the key in use."""
        return _GCM + b":" + self._active + b":"

    @property
    def index_prefix(self) -> bytes:
        """What an index begins with that was made with the key in use."""
        return _HMAC + b":" + self._index[0][0] + b":"

    def blind_indexes(self, value: str, column: str) -> list[bytes]:
        """Make what equal values of a column share, and nobody without a key can make or reverse.

        One under every key at hand: the first is written, the others find what was written before a rotation.
        """
        return [_blind(name, keyed, value, column) for name, keyed in self._index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A text that one recipient can open (HPKE, RFC 9180), in the words of an event."""

    alg: str
    key: str
    sealed: str


def seal_to(public: KeySet, text: str, purpose: str) -> Sealed:
    """Seal a text to the owner of an X25519 key; `purpose` says what for, and opening needs the same."""
    key = public.keys[0]
    if not isinstance(key, OKPKey) or not isinstance(key.public_key, X25519PublicKey):
        raise TypeError("a text is sealed to an X25519 key")
    ciphertext = _SUITE.encrypt(text.encode(), key.public_key, purpose.encode())
    return Sealed(alg=_HPKE, key=str(key.kid), sealed=base64.urlsafe_b64encode(ciphertext).decode())


def open_from(private: KeySet, sealed: Sealed, purpose: str) -> str:
    """Open a text that was sealed to one of these keys."""
    key = next((key for key in private.keys if key.kid == sealed.key), None)
    if (
        sealed.alg != _HPKE
        or not isinstance(key, OKPKey)
        or not isinstance(key.private_key, X25519PrivateKey)
    ):
        raise SealBroken
    try:
        ciphertext = base64.urlsafe_b64decode(sealed.sealed)
        return _SUITE.decrypt(ciphertext, key.private_key, purpose.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def _blind(name: bytes, keyed: HMAC, value: str, column: str) -> bytes:
    hashed = keyed.copy()
    hashed.update(column.encode() + b"\0" + value.encode())
    return _HMAC + b":" + name + b":" + hashed.finalize()


def _name(key: Key) -> bytes:
    return str(key.kid).encode()


def _secret(key: Key) -> bytes:
    if not isinstance(key, OctKey):
        raise TypeError("a value is sealed with an oct key")
    return key.raw_value
