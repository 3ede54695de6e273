"""Preparing chunks ahead: the rows of the next are read and screened while the last is being stored.

That is Python at work and the larger half of an import, so a long file gets a process of its own for it; a
short one, for which no process is worth its start, a thread. The process ends when it is let go, or when the
worker that asks it has died.
"""

import asyncio
import multiprocessing
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, Protocol

from services.enrollment.enrolments.queries import find_heads
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.queries import find_by_codes
from services.enrollment.imports.reading import Batch
from services.enrollment.imports.screening import Screened, Screener
from services.enrollment.persons.models import Key
from services.enrollment.persons.queries import OnRecord, find_persons
from shared.database import Database
from shared.keys import KeyRing
from shared.redacted import describe
from shared.sealed import Sealer

Job = dict[str, Any]
"""What a screener is made of, but for the keys."""

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["services.enrollment.imports.warm"])


class ScreeningFailed(Exception):
    """A defect: the process that screens has raised, or has ended; the one argument says what."""


class Prepared(NamedTuple):
    """A chunk up to its last line; `known` are the persons on record."""

    last: int
    screened: Screened
    known: dict[Key, str]


class Ask(Protocol):
    """Has a method of the screener called, after those that were asked before, and gives its answer."""

    def __call__(self, what: str, *given: Any) -> Awaitable[Any]: ...


@dataclass(frozen=True, kw_only=True)
class Preparer:
    """Prepares the chunks of one file."""

    db: Database
    ask: Ask
    cycle_id: str

    async def prepare(self, batches: AsyncIterator[Batch]) -> AsyncGenerator[Prepared]:
        """Prepare chunk after chunk, as what is on record says then.

        The screener always has something to do: while the persons of a chunk are looked up it reads the
        next, and while it screens the one the enterprises of the next are looked up.
        """
        coming = asyncio.create_task(self._read(batches))
        try:
            while (arrived := await coming) is not None:
                last, found = arrived
                drafting = self.ask("draft", found)
                coming = asyncio.create_task(self._read(batches))
                known, heads = await self._look_up(await drafting)
                screened = await self.ask("screen", known, heads)
                yield Prepared(last, screened, {key: one.id for key, one in known.items()})
        finally:
            coming.cancel()
            await asyncio.wait([coming])

    async def _read(self, batches: AsyncIterator[Batch]) -> tuple[int, dict[str, Enterprise]] | None:
        batch = await anext(batches, None)
        if batch is None:
            return None
        last, codes = await self.ask("read", batch)
        async with self.db.read() as session:
            return last, await find_by_codes(session, codes)

    async def _look_up(self, asked: dict[Key, Key]) -> tuple[dict[Key, OnRecord], dict[tuple[str, str], str]]:
        async with self.db.read() as session:
            known = await find_persons(session, asked)
            heads = await find_heads(session, {(self.cycle_id, one.id) for one in known.values()})
        return known, heads


@asynccontextmanager
async def ahead(chunks: AsyncGenerator[Prepared]) -> AsyncIterator[AsyncIterator[Prepared]]:
    """Lend the prepared chunks; while one is with the caller, one is ready and the next in preparation."""
    ready: asyncio.Queue[Prepared | Exception | None] = asyncio.Queue(maxsize=1)

    async def fill() -> None:
        try:
            async for one in chunks:
                await ready.put(one)
            await ready.put(None)
        except Exception as error:  # noqa: BLE001 - raised where the chunk is taken
            await ready.put(error)
        finally:
            await chunks.aclose()

    async def each() -> AsyncGenerator[Prepared]:
        while (one := await ready.get()) is not None:
            if isinstance(one, Exception):
                raise one
            yield one

    filling = asyncio.create_task(fill())
    try:
        yield each()
    finally:
        filling.cancel()
        await asyncio.wait([filling])


@asynccontextmanager
async def screening(job: Job, keys: KeyRing, *, alone: bool) -> AsyncIterator[Ask]:
    """Lend what calls the methods of a screener: `alone` in a process of its own, or in a thread."""
    loop = asyncio.get_running_loop()
    if not alone:
        screener = Screener(**job, sealer=Sealer.of_persons(keys))
        with ThreadPoolExecutor(1) as thread:
            yield lambda what, *given: loop.run_in_executor(thread, getattr(screener, what), *given)
        return
    ours, theirs = _processes.Pipe()
    process = _processes.Process(target=_serve, args=(theirs, job, keys), daemon=True)
    await asyncio.to_thread(process.start)
    theirs.close()
    with ThreadPoolExecutor(1) as telling, ThreadPoolExecutor(1) as hearing:

        def ask(what: str, *given: Any) -> Awaitable[Any]:
            telling.submit(_tell, process, ours, (what, given))
            return loop.run_in_executor(hearing, _hear, ours)

        try:
            yield ask
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
    ours.close()


def _tell(process: BaseProcess, connection: Connection, asked: tuple[str, tuple[Any, ...]]) -> None:
    try:
        connection.send(asked)
    except BaseException:
        process.kill()  # nobody is to wait for its answer
        raise


def _hear(connection: Connection) -> Any:
    try:
        answer, fault = connection.recv()
    except (EOFError, OSError) as gone:
        raise ScreeningFailed("the process has ended") from gone
    if fault is not None:
        raise ScreeningFailed(fault)
    return answer


def _serve(connection: Connection, job: Job, keys: KeyRing) -> None:
    screener = Screener(**job, sealer=Sealer.of_persons(keys))
    while True:
        try:
            what, given = connection.recv()
        except EOFError:  # the worker has gone
            return
        try:
            connection.send((getattr(screener, what)(*given), None))
        except Exception as defect:  # noqa: BLE001 - the worker counts it
            connection.send((None, describe(defect)))
