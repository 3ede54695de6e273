"""Imports whose process is killed on the way: a class to import into, and files with faults of every kind.

It dies when the import stands at a line that chance has chosen, as its own database tells; the home then
starts it again. Nobody waits for a time.
"""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager, closing
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select, text

from deploy.demo.chapters import classes, notice
from deploy.demo.client import Actor, Platform
from deploy.demo.packs import shipped_packs
from deploy.demo.sheets import Row, as_csv, sheet_row
from deploy.demo.story import Course, Story
from deploy.demo.synthetic import make_managers
from services.enrollment.imports.domain import UNDER_WAY, Mode
from services.enrollment.imports.models import Import
from services.enrollment.nominations.models import Nomination
from shared.database import Database
from shared.keys import KeyRing
from shared.sealed import Sealer
from tests.crash.faulty import ROWS, SOUND_ROWS, as_workbook, odd, spoilt
from tests.crash.line import LABEL, Home
from tests.crash.remains import Remains

_POLL, _PATIENCE = 0.001, 60


class ImportEnded(Exception):
    """The import was over before the kill that was due."""


class Mortal(Home, Protocol):
    """A home in which who runs imports can be killed alone; `strike` is SIGKILL."""

    @property
    def enrollment_url(self) -> str: ...
    @property
    def keys(self) -> KeyRing: ...
    async def strike(self) -> None: ...
    async def revive(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    by: Actor
    course: Course
    mode: Mode
    hour: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """A home whose classes are approved, and its enrollment's database beside it."""

    home: Mortal
    story: Story
    database: Database

    def uploads(self) -> dict[str, Upload]:
        """Name the files: a department's, an institution's for the same class, one that is all or nothing."""
        (code, department), *_ = self.story.cast.departments()
        first, second = self.story.courses[:2]
        own = self._rows(code, ROWS, first=0)
        known, new = own[: ROWS // 2], self._rows(code, ROWS // 2, first=ROWS)
        sound = self._rows(code, SOUND_ROWS, first=ROWS // 2)
        return {
            "xlsx": Upload(
                by=department, course=first, mode="by_row", hour=9, content=as_workbook(spoilt(own))
            ),
            "csv": Upload(
                by=first.selector, course=first, mode="by_row", hour=10, content=as_csv(spoilt(known + new))
            ),
            "atomic": Upload(
                by=department, course=second, mode="atomic", hour=11, content=as_csv(odd(sound))
            ),
        }

    def _rows(self, code: str, count: int, *, first: int) -> list[Row]:
        return [sheet_row(self.story, one) for one in make_managers(count, [code], seed=first, first=first)]

    async def ask(self, name: str) -> str:
        """Upload one of the files, to be stored at once; give the id of the import."""
        upload = self.uploads()[name]
        platform = self.story.at(upload.course.span.nominated_on, upload.hour)
        query = {"class_id": upload.course.id, "mode": upload.mode, "dry_run": "false"}
        asked = await platform.upload(upload.by, "/v1/imports", upload.content, step=name, **query)
        return str(asked["id"])

    async def stands(self, import_id: str) -> tuple[str, int]:
        """Tell how far an import is: its status, and the first line that is not dealt with."""
        async with self.database.read() as session:
            row = await session.get_one(Import, import_id)
            return row.status, row.next_line

    async def nominated(self, name: str) -> int:
        """Count the nominations in the class that a file is for."""
        here = Nomination.class_id == self.uploads()[name].course.id
        async with self.database.read() as session:
            return await session.scalar(select(func.count()).select_from(Nomination).where(here)) or 0

    async def until_line(self, import_id: str, line: int, *, beyond: int) -> int:
        """Wait until an import stands at a line or after it, and beyond where it stood; give where."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                status, stands = await self.stands(import_id)
                if status not in UNDER_WAY:
                    raise ImportEnded(status, line)
                if stands >= line and stands > beyond:
                    return stands
                await asyncio.sleep(_POLL)

    async def until_status(self, import_id: str, *wanted: str) -> None:
        async with asyncio.timeout(_PATIENCE):
            while (await self.stands(import_id))[0] not in wanted:  # noqa: ASYNC110 - another process
                await asyncio.sleep(_POLL)

    async def until_storing(self, import_id: str, steps: int) -> None:
        """Wait until an import that is all or nothing has come so far within its one transaction."""
        await self.until_status(import_id, "committing")
        looks = _writing if self.database.dialect == "sqlite" else _recording
        async with asyncio.timeout(_PATIENCE), aclosing(looks(self.database)) as seen:
            async for step in seen:
                if step >= steps:
                    return
                if (status := (await self.stands(import_id))[0]) != "committing":
                    raise ImportEnded(status, step)
                await asyncio.sleep(_POLL)

    async def kill_at(self, import_id: str, lines: Sequence[int]) -> None:
        """Kill whoever runs an import at each of the lines, in their order."""
        stands = 1
        for line in lines:
            stands = await self.until_line(import_id, line, beyond=stands)
            await self.home.strike()
            await self.home.revive()

    async def told(self, imports: Sequence[str]) -> list[str]:
        """Tell all that is left when everything has come to rest: tables, events, and the reports."""
        for import_id in imports:
            await self.until_status(import_id, "committed")
        await self.home.settled()
        story = self.story
        names = {identifier: name for name, identifier in story.cast.ids.items()}
        names |= {course.id: f"class {course.number}" for course in story.courses}
        remains = Remains(names, Sealer.of_persons(self.home.keys))
        found = await remains.read(self.database)
        for import_id, upload in zip(imports, self.uploads().values(), strict=True):
            path = f"/v1/imports/{import_id}"
            report = await story.platform.get(upload.by, path)
            rows = [row async for row in story.platform.pages(upload.by, f"{path}/rows")]
            of_the_file = {name: one for name, one in report.items() if name not in {"sha256", "size"}}
            found += [remains.tell("report", one) for one in (of_the_file, *rows)]
        return found


@asynccontextmanager
async def scene_in(home: Mortal) -> AsyncIterator[Scene]:
    """Play the cycle until classes take nominations."""
    platform, database = Platform(home.base_url), Database(home.enrollment_url, name="looks on")
    story = Story(platform, home.operator, shipped_packs(), LABEL, 1, lambda *_: None)
    try:
        for chapter in (notice.publish, notice.designate, classes.file_classes):
            await chapter(story)
        yield Scene(home, story, database)
    finally:
        await database.close()
        await platform.close()


async def _writing(database: Database) -> AsyncGenerator[int, None]:
    """Count the looks in a row at which somebody is writing into a database of SQLite."""
    path, count = database.url.partition("///")[2], 0
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                count = 0
            except sqlite3.OperationalError:
                count += 1
            yield count


async def _recording(database: Database) -> AsyncGenerator[int, None]:
    """Count the events that somebody is recording: PostgreSQL counts them before the transaction ends."""
    last = text("SELECT last_value FROM outbox_position_seq")
    async with database.read() as session:
        first = await session.scalar(last) or 0
        while True:
            yield (await session.scalar(last) or 0) - first
