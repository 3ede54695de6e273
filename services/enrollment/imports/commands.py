"""What can be asked of imports: to take a file, to commit what was checked, to give it up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.imports.domain import (
    Mode,
    UploadEmpty,
    check_committable,
    check_under_way,
)
from services.enrollment.imports.ledger import begin_anew
from services.enrollment.imports.models import CONTENT, Import, ImportPart
from services.enrollment.imports.queries import check_upload, get_own_import
from services.enrollment.imports.running import TOPIC
from services.enrollment.nominations.domain import NominatorHasNoRole
from services.enrollment.plan import get_class
from shared.caller import Caller
from shared.database import notify
from shared.inserting import insert_rows
from shared.sealed import Sealer

_PART = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has come whole, in sealed parts: nothing of it is ever kept in the clear."""

    size: int
    sha256: str
    parts: list[bytes]


async def receive(sealer: Sealer, stream: AsyncIterator[bytes]) -> Upload:
    """Seal a file part by part as it comes."""
    digest, size, parts, rest = sha256(), 0, list[bytes](), bytearray()
    async for piece in stream:
        digest.update(piece)
        size += len(piece)
        rest += piece
        while len(rest) >= _PART:
            parts.append(sealer.seal_bytes(bytes(rest[:_PART]), CONTENT))
            del rest[:_PART]
    if rest:
        parts.append(sealer.seal_bytes(bytes(rest), CONTENT))
    if not size:
        raise UploadEmpty
    return Upload(size, digest.hexdigest(), parts)


async def check_may_import(session: AsyncSession, caller: Caller, class_id: str) -> None:
    """Refuse who could nominate nobody for the class, before a file is taken from them."""
    planned = await get_class(session, class_id)
    planned.check_cycle_open()
    if caller.kind != "department" and caller.organisation_id not in planned.selectors:
        raise planned.refuse_stranger(NominatorHasNoRole(class_id=class_id))


async def begin_import(
    session: AsyncSession,
    caller: Caller,
    upload: Upload,
    *,
    class_id: str,
    mode: Mode,
    dry_run: bool,
    now: datetime,
) -> Import:
    """Keep a file and have a worker check it, and commit it too unless it is a dry run."""
    row = Import(
        class_id=class_id,
        organisation_id=str(caller.organisation_id),
        organisation_kind=caller.kind,
        principal=caller.principal,
        mode=mode,
        commits=not dry_run,
        # All or nothing is known only after every row was looked at.
        status="committing" if mode == "by_row" and not dry_run else "checking",
        size=upload.size,
        sha256=upload.sha256,
        created_at=now,
        asked_at=now,
    )
    session.add(row)
    await session.flush()
    parts = [
        {"import_id": row.id, "number": number, "content": part} for number, part in enumerate(upload.parts)
    ]
    await insert_rows(session, ImportPart.__table__, parts)
    notify(session, TOPIC)
    return row


async def commit_import(session: AsyncSession, caller: Caller, import_id: str, now: datetime) -> Import:
    """Store what a dry run has checked: the same file, each row judged once more by what holds now."""
    row = await get_own_import(session, caller, import_id, held=True)
    check_committable(import_id, row.status)
    await check_upload(session, row)
    await begin_anew(session, row, "committing")
    row.commits, row.asked_at = True, now
    notify(session, TOPIC)
    return row


async def cancel_import(session: AsyncSession, caller: Caller, import_id: str) -> Import:
    """Give an import up; rows that it has stored stay, as its report says."""
    row = await get_own_import(session, caller, import_id, held=True)
    check_under_way(import_id, row.status)
    row.status, row.ended_at = "cancelled", datetime.now(UTC)
    row.version += 1
    return row
