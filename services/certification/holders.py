"""Names of holders, sealed under a data key of each holder's own.

The data key lies wrapped by the key-encryption key in `holder_keys`. Destroying it there makes every
copy of the name unreadable at once, also those in backups of the other tables; nothing brings it back.
"""

import base64
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from joserfc.jwk import KeySet, OctKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.models import Entitlement, HolderKey
from shared.database import upsert
from shared.sealed import Sealer

_KEY_BYTES = 32
_SALT_BYTES = 16
_NO_INDEX = KeySet([])

HolderSealers = Mapping[str, Sealer]
"""By person id, what seals and opens that holder's name; erased holders are absent."""


@dataclass(frozen=True, slots=True)
class HolderName:
    """A name, and the salt of the commitment that credentials carry in its place."""

    name: str
    salt: bytes

    @classmethod
    def salted(cls, name: str) -> "HolderName":
        return cls(name, secrets.token_bytes(_SALT_BYTES))


async def make_sealers(session: AsyncSession, kek: Sealer, person_ids: Iterable[str]) -> HolderSealers:
    """Get the sealers of these holders; a holder without a key gets one, an erased one does not."""
    wanted = sorted(set(person_ids))
    fresh = [
        {"person_id": one, "wrapped": _wrap(kek, one, secrets.token_bytes(_KEY_BYTES))} for one in wanted
    ]
    if fresh:
        await session.execute(upsert(HolderKey).on_conflict_do_nothing(), fresh)
    return await get_sealers(session, kek, wanted, locked=True)


async def get_sealers(
    session: AsyncSession, kek: Sealer, person_ids: Iterable[str], *, locked: bool = False
) -> HolderSealers:
    """Get the sealers of those of these holders who are not erased.

    `locked` keeps them from being erased before the transaction ends: what is sealed for them is seen.
    """
    kept = select(HolderKey.person_id, HolderKey.wrapped).where(
        HolderKey.person_id.in_(sorted(set(person_ids))), HolderKey.wrapped.is_not(None)
    )
    if locked:
        kept = kept.order_by(HolderKey.person_id).with_for_update(read=True)
    return {one: _unwrap(kek, one, wrapped) for one, wrapped in await session.execute(kept) if wrapped}


def seal_name(sealer: Sealer, enrolment_id: str, holder: HolderName) -> bytes:
    text = json.dumps({"name": holder.name, "salt": holder.salt.hex()}, ensure_ascii=False)
    return sealer.seal(text, _column(enrolment_id))


def open_name(sealers: HolderSealers, row: Entitlement) -> HolderName | None:
    """Open the name of an entitled trainee; None once the holder is erased."""
    if row.name is None or row.person_id not in sealers:
        return None
    said = json.loads(sealers[row.person_id].open(row.name, _column(row.enrolment_id)))
    return HolderName(said["name"], bytes.fromhex(said["salt"]))


def _wrap(kek: Sealer, person_id: str, key: bytes) -> bytes:
    return kek.seal(base64.b64encode(key).decode(), _wrapping(person_id))


def _unwrap(kek: Sealer, person_id: str, wrapped: bytes) -> Sealer:
    raw = base64.b64decode(kek.open(wrapped, _wrapping(person_id)))
    own = OctKey.import_key(raw, {"kid": person_id})
    return Sealer(KeySet([own]), _NO_INDEX)


def _wrapping(person_id: str) -> str:
    """Bind a wrapped key to its holder: it cannot be moved to another row."""
    return f"holder_keys.wrapped/{person_id}"


def _column(enrolment_id: str) -> str:
    return f"entitlements.name/{enrolment_id}"
