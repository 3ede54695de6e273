"""Running imports: what a worker does with an upload, a chunk of lines in each transaction.

A chunk and the progress over it commit together, so after a crash whoever goes on begins at the first line
that is not dealt with, and nothing is stored twice or lost. An import that is all or nothing is checked
first and then stored in one transaction.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.models import Enterprise
from services.enrollment.imports.columns import columns_of
from services.enrollment.imports.domain import UNDER_WAY, UPLOAD_DAYS, Status
from services.enrollment.imports.faults import finding
from services.enrollment.imports.headings import read_headings
from services.enrollment.imports.ledger import begin_anew, conclude, finish, write_down
from services.enrollment.imports.models import CONTENT, Import, ImportPart, ImportRow
from services.enrollment.imports.preparing import Prepared, Preparer, ahead, screening
from services.enrollment.imports.reading import FileRefused, reading
from services.enrollment.imports.rows import RowReader
from services.enrollment.imports.storing import Storer, check_open
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.plan import get_class, list_departments
from services.enrollment.settings import ImportSettings
from shared.caller import Caller
from shared.database import Database, is_transient
from shared.faults import ConcurrentChange
from shared.inserting import count_anew
from shared.keys import KeyRing
from shared.redacted import describe
from shared.sealed import Sealer
from shared.settings import PlatformSettings

TOPIC = "imports"
MOST_ATTEMPTS = 5
FILLED = (Enterprise, Person, Nomination, ImportRow)
_GROWN = frozenset({1, 4, 16})
"""After so many chunks a table may have become another one."""

_log = structlog.get_logger(__name__)


class _RowsRefused(Exception):
    """An import that is all or nothing has a row in error: nothing of it is stored."""


class _GivenUp(Exception):
    """Somebody has cancelled the import, or another worker goes on with it."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One import in the hands of this worker."""

    db: Database
    keys: KeyRing
    import_id: str

    async def run(self) -> None:
        """Go on from where the import stands, until nothing is left to do."""
        job = await self._read()
        while job.status in UNDER_WAY:
            try:
                if job.status == "checking":
                    await self._chunk_by_chunk(job, stores=False)
                elif job.mode == "by_row":
                    await self._chunk_by_chunk(job, stores=True)
                else:
                    await self._all_or_nothing(job)
            except FileRefused as refused:
                await self._end(refused.code)
            except _GivenUp:
                return
            job = await self._read()

    async def _read(self) -> Import:
        async with self.db.read() as session:
            return await session.get_one(Import, self.import_id)

    async def _chunk_by_chunk(self, job: Import, *, stores: bool) -> None:
        async with self._prepared(job, job.next_line, stores=stores) as (storer, chunks):
            stored = 0
            async for last, screened, known in chunks:
                if last < job.next_line:
                    continue
                async with self.db.write() as session:
                    held = await self._held(session, job.status)
                    results = await storer.store(session, screened, known) if stores else screened.results
                    await write_down(session, held, results, last)
                stored += 1
                if stored in _GROWN:
                    async with self.db.write() as session:
                        await count_anew(session, *(one.__table__ for one in FILLED))
        async with self.db.write() as session:
            conclude(await self._held(session, job.status))

    async def _all_or_nothing(self, job: Import) -> None:
        """Store everything in one transaction; a row that is refused by now sends it back to be checked."""
        try:
            async with self._prepared(job, 1, stores=True) as (storer, chunks), self.db.write() as session:
                done: list[dict[str, Any]] = []
                last = 0
                async for prepared in chunks:
                    last, screened, known = prepared
                    _check_none_refused(screened.results)
                    done.extend(await storer.store(session, screened, known))
                held = await self._held(session, job.status)
                await begin_anew(session, held, "committing")
                await write_down(session, held, done, last)
                conclude(held)
        except _RowsRefused:
            async with self.db.write() as session:
                await begin_anew(session, await self._held(session, job.status), "checking")

    async def _held(self, session: AsyncSession, status: Status) -> Import:
        held = await session.get_one(Import, self.import_id, with_for_update=True)
        if held.status != status:
            raise _GivenUp
        return held

    async def _end(self, code: str) -> None:
        """End an import whose file, or class, cannot be taken; what was stored of it stays."""
        async with self.db.write() as session:
            held = await session.get_one(Import, self.import_id, with_for_update=True)
            stored = any(held.counts.get(one) for one in ("nominated", "credited", "unchanged"))
            held.file_findings = [*held.file_findings, finding(code, "A1").to_json()]
            finish(held, "cancelled" if stored else "refused")

    @asynccontextmanager
    async def _prepared(
        self, job: Import, from_line: int, *, stores: bool
    ) -> AsyncIterator[tuple[Storer, AsyncIterator[Prepared]]]:
        """Open the file and lay the template over it; raises FileRefused."""
        async with self.db.read() as session:
            planned = await get_class(session, job.class_id)
            departments = await list_departments(session)
            parts = select(ImportPart.content).where(ImportPart.import_id == job.id)
            sealed = (await session.scalars(parts.order_by(ImportPart.number))).all()
        check_open(planned)
        sealer = Sealer.of_persons(self.keys)
        size = ImportSettings().import_chunk
        content = (sealer.open_bytes(part, CONTENT) for part in sealed)
        async with reading(content, size) as (head, batches):
            columns = columns_of(planned.pack, departments)
            revision = planned.cycle.state.revision
            layout = read_headings(head, columns, class_id=job.class_id, revision=revision)
            await self._note_file(job, head.format, head.lines, [one.to_json() for one in layout.findings])
            if not layout.is_sound:
                raise _GivenUp
            home = job.organisation_id if job.organisation_kind == "department" else None
            caller = Caller(
                principal=job.principal, organisation_id=job.organisation_id, kind=job.organisation_kind
            )
            screener = {
                "reader": RowReader(head=head, layout=layout, class_id=job.class_id, home_department=home),
                "caller": caller,
                "planned": planned,
                "departments": {one.id: one for one in departments},
                "now": job.asked_at,
                "stores": stores,
                "from_line": from_line,
            }
            async with screening(screener, self.keys, alone=head.lines > size) as calls:
                cycle_id = planned.state.cycle_id
                preparer = Preparer(db=self.db, ask=calls, cycle_id=cycle_id)
                async with ahead(preparer.prepare(batches)) as prepared:
                    yield Storer(caller=caller, planned=planned, now=job.asked_at), prepared

    async def _note_file(self, job: Import, form: str, lines: int, findings: list[dict[str, Any]]) -> None:
        """Keep what the file is; one in whose headings is an error is at its end."""
        async with self.db.write() as session:
            held = await self._held(session, job.status)
            held.format, held.lines, held.file_findings = form, lines, findings
            if any(one["severity"] == "error" for one in findings):
                finish(held, "refused")


def _check_none_refused(results: list[dict[str, Any]]) -> None:
    if any(one["outcome"] == "refused" for one in results):
        raise _RowsRefused


async def run_imports(db: Database) -> int:
    """Run the import that waits longest, or erase an upload that is over its time; 0: there is neither."""
    async with db.read() as session:
        waiting = select(Import.id).where(Import.status.in_(UNDER_WAY)).order_by(Import.id)
        ids = (await session.scalars(waiting)).all()
    for import_id in ids:
        async with db.lease(f"import {import_id}") as lease:
            if lease is None or await lease.held():
                await _run_one(db, import_id)
                return 1
    return await _erase_uploads(db, datetime.now(UTC))


async def _run_one(db: Database, import_id: str) -> None:
    settings = PlatformSettings()
    keys = KeyRing(settings.keys_directory, create=settings.is_rehearsal)
    try:
        await _Work(db, keys, import_id).run()
    except Exception as error:
        if is_transient(error) or isinstance(error, ConcurrentChange):
            raise
        _log.error("import failed", import_id=import_id, fault=describe(error))
        await _count_defect(db, import_id)


async def _count_defect(db: Database, import_id: str) -> None:
    """Try again a few times; what fails always must not keep the others waiting."""
    async with db.write() as session:
        held = await session.get_one(Import, import_id, with_for_update=True)
        held.attempts += 1
        if held.attempts >= MOST_ATTEMPTS:
            finish(held, "failed")


async def _erase_uploads(db: Database, now: datetime) -> int:
    over = select(Import.id).where(Import.ended_at < now - timedelta(days=UPLOAD_DAYS))
    old = select(ImportPart.import_id).where(ImportPart.import_id.in_(over)).limit(1)
    async with db.read() as session:
        import_id = await session.scalar(old)
    if import_id is None:
        return 0
    async with db.write() as session:
        await session.execute(delete(ImportPart).where(ImportPart.import_id == import_id))
    return 1
