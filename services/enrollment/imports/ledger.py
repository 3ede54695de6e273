"""Writing down how far an import has come: the report of its rows, its counts, and its status."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.imports.causes import add_findings
from services.enrollment.imports.domain import Status
from services.enrollment.imports.faults import finding
from services.enrollment.imports.models import Import, ImportRow
from shared.inserting import insert_rows


async def write_down(
    session: AsyncSession, held: Import, results: Sequence[dict[str, Any]], last: int
) -> None:
    """Put what became of rows into the report, and count it."""
    rows = [{"import_id": held.id, **one} for one in results]
    await insert_rows(session, ImportRow.__table__, rows)
    counts = Counter(held.counts)
    counts.update(one["outcome"] for one in results)
    held.counts = dict(sorted(counts.items()))
    held.causes = add_findings(held.causes, (found for one in results for found in one["findings"] or ()))
    held.next_line = last + 1
    held.attempts = 0
    held.version += 1


async def begin_anew(session: AsyncSession, held: Import, status: Status) -> None:
    """Forget the report so far: every line is dealt with again."""
    await session.execute(delete(ImportRow).where(ImportRow.import_id == held.id))
    held.status, held.next_line = status, 1
    held.counts, held.causes = dict[str, int](), list[dict[str, Any]]()
    held.ended_at = None
    held.version += 1


def conclude(held: Import) -> None:
    """Say what follows when every line has been dealt with."""
    in_error = bool(held.counts.get("refused"))
    if not sum(held.counts.values()):
        held.file_findings = [*held.file_findings, finding("no_rows", "A1").to_json()]
        finish(held, "refused")
    elif held.status == "committing":
        finish(held, "committed")
    elif held.mode == "atomic" and held.commits:
        finish(held, "refused") if in_error else _go_on(held)
    else:
        finish(held, "checked")


def _go_on(held: Import) -> None:
    held.status = "committing"
    held.version += 1


def finish(held: Import, status: Status) -> None:
    held.status = status
    held.ended_at = datetime.now(UTC)
    held.version += 1
