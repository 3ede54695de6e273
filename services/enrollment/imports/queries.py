"""What can be told of imports, to the organisation that made them and to nobody else."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.imports.domain import ImportNotFound, Outcome, UploadErased
from services.enrollment.imports.models import CONTENT, Import, ImportPart, ImportRow
from services.enrollment.imports.schemas import ImportRowView, ImportView
from shared.caller import Caller
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer


def import_view(row: Import) -> ImportView:
    kept = {name: getattr(row, name) for name in ImportView.model_fields if name != "lines_done"}
    return ImportView.model_validate({**kept, "lines_done": row.next_line - 1})


async def get_own_import(
    session: AsyncSession, caller: Caller, import_id: str, *, held: bool = False
) -> Import:
    """Get an import of the caller's organisation; one of another is not found."""
    row = await session.get(Import, import_id, with_for_update=held or None)
    if row is None or row.organisation_id != caller.organisation_id:
        raise ImportNotFound(import_id=import_id)
    return row


async def list_imports(
    session: AsyncSession, caller: Caller, class_id: str | None, paging: AskedPage
) -> Page[ImportView]:
    """List the imports of the caller's organisation, the oldest first."""
    mine = select(Import).where(Import.organisation_id == caller.organisation_id)
    wanted = mine if class_id is None else mine.where(Import.class_id == class_id)
    return await page(session, wanted, [Import.id], paging, import_view)


async def list_import_rows(
    session: AsyncSession,
    caller: Caller,
    import_id: str,
    paging: AskedPage,
    *,
    outcome: Outcome | None,
    with_findings: bool,
) -> Page[ImportRowView]:
    """List what became of the lines, in their order."""
    await get_own_import(session, caller, import_id)
    wanted = select(ImportRow).where(ImportRow.import_id == import_id)
    if outcome is not None:
        wanted = wanted.where(ImportRow.outcome == outcome)
    if with_findings:
        wanted = wanted.where(ImportRow.findings.is_not(None))
    return await page(session, wanted, [ImportRow.line], paging, _row_view)


def _row_view(row: ImportRow) -> ImportRowView:
    shown: dict[str, Any] = {
        "line": row.line,
        "outcome": row.outcome,
        "nomination_id": row.nomination_id,
        "findings": row.findings or [],
    }
    return ImportRowView.model_validate(shown)


async def check_upload(session: AsyncSession, row: Import) -> None:
    """Refuse what needs the file once that is erased."""
    part = select(ImportPart.number).where(ImportPart.import_id == row.id).limit(1)
    if await session.scalar(part) is None:
        raise UploadErased(import_id=row.id)


async def get_upload(session: AsyncSession, sealer: Sealer, row: Import) -> bytes:
    """Read the file of an import as it came; raises UploadErased once its time is over."""
    sealed = select(ImportPart.content).where(ImportPart.import_id == row.id).order_by(ImportPart.number)
    parts = (await session.scalars(sealed)).all()
    if not parts:
        raise UploadErased(import_id=row.id)
    return b"".join(sealer.open_bytes(part, CONTENT) for part in parts)


async def list_marked(session: AsyncSession, import_id: str) -> list[dict[str, Any]]:
    """List all findings of an import, line after line."""
    found = select(ImportRow.findings).where(
        ImportRow.import_id == import_id, ImportRow.findings.is_not(None)
    )
    rows = await session.scalars(found.order_by(ImportRow.line))
    return [one for findings in rows for one in findings or ()]
