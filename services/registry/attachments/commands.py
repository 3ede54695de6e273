"""What can be asked of attachments: to take a file in and to keep it. A kept file never changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.attachments.domain import (
    AttachmentEmpty,
    AttachmentInfected,
    FileKind,
    Scan,
    kind_of,
)
from services.registry.attachments.models import Attachment
from services.registry.attachments.queries import Owner, view_of
from services.registry.attachments.scanning import Scanner
from services.registry.attachments.schemas import AttachmentView
from services.registry.attachments.store import Store, Taken
from shared.caller import Caller


@dataclass(slots=True)
class Received:
    """A file that has come whole and is one that is taken: of what it is, and whether it stays."""

    owner: Owner
    taken: Taken
    kind: FileKind
    scan: Scan
    kept: bool = False


@asynccontextmanager
async def receive(
    store: Store, scanner: Scanner | None, owner: Owner, parts: AsyncIterator[bytes]
) -> AsyncIterator[Received]:
    """Take a file in, check it, and lend it to whoever keeps it; no transaction is open while it comes.

    It is removed again when it is refused, or when the transaction that keeps it fails.
    """
    taken = await store.take(parts)
    try:
        received = Received(owner, taken, _check(taken), await _scan(store, scanner, taken))
        yield received
        stays = received.kept
    except BaseException:
        await store.drop(taken)
        raise
    if not stays:
        await store.drop(taken)


async def keep_attachment(
    session: AsyncSession,
    store: Store,
    received: Received,
    name: str | None,
    *,
    caller: Caller,
    now: datetime,
) -> AttachmentView:
    """Keep a file that was received; it is in its place before the transaction commits."""
    kind, owner_id = received.owner
    row = Attachment(
        id=received.taken.id,
        owner_kind=kind,
        owner_id=owner_id,
        name=name,
        kind=received.kind,
        size=received.taken.size,
        sha256=received.taken.sha256,
        scan=received.scan,
        uploaded_at=now,
        uploaded_for=caller.organisation_id or "",
        principal=caller.principal,
    )
    session.add(row)
    await session.flush()
    await store.keep(received.taken)
    received.kept = True
    return view_of(row)


def _check(taken: Taken) -> FileKind:
    """Tell the kind of a file, refusing what is not taken."""
    if taken.size == 0:
        raise AttachmentEmpty
    return kind_of(taken.head, taken.members)


async def _scan(store: Store, scanner: Scanner | None, taken: Taken) -> Scan:
    if scanner is None:
        return "not_scanned"
    finding = await scanner.find(store.read(taken.id))
    if finding is not None:
        raise AttachmentInfected(finding)
    return "clean"
