"""Where files lie: a port, and the store that keeps them in a folder of the home.

A file is written beside the others, flushed to the disk, and takes its name at once: under its name there is
the whole file or none. What a crash left behind is cleared when the next file comes.
"""

import asyncio
import os
import time
import zipfile
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedWriter
from pathlib import Path
from typing import Protocol

from services.registry.attachments.domain import HEAD
from shared.ids import new_id

_CHUNK = 256 * 1024
_LEFT_BEHIND_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that was written and is not kept yet; `members` are the names in it if it is an archive."""

    id: str
    size: int
    sha256: str
    head: bytes
    members: frozenset[str]


class Store(Protocol):
    """What the service asks of a store of files."""

    async def take(self, parts: AsyncIterable[bytes]) -> Taken:
        """Write a file as it comes; one that does not come whole leaves nothing."""
        ...

    async def keep(self, taken: Taken) -> None:
        """Put a file where it stays."""
        ...

    async def drop(self, taken: Taken) -> None:
        """Remove a file, whether it is kept already or not."""
        ...

    def read(self, file_id: str) -> AsyncIterator[bytes]:
        """Read a file part by part, one that is kept or not kept yet."""
        ...


class FileStore:
    """Keeps files in a folder, which is made with the first."""

    def __init__(self, folder: Path) -> None:
        self._kept = folder
        self._incoming = folder / "incoming"

    async def take(self, parts: AsyncIterable[bytes]) -> Taken:
        await asyncio.to_thread(self._prepare)
        file_id = new_id()
        path, digest, size, head = self._incoming / file_id, sha256(), 0, b""
        try:
            with await asyncio.to_thread(path.open, "xb") as file:
                async for part in parts:
                    digest.update(part)
                    size += len(part)
                    head = head if len(head) >= HEAD else (head + part)[:HEAD]
                    await asyncio.to_thread(file.write, part)
                await asyncio.to_thread(_flush, file)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        members = await asyncio.to_thread(_members, path)
        return Taken(file_id, size, digest.hexdigest(), head, members)

    async def keep(self, taken: Taken) -> None:
        await asyncio.to_thread(self._rename, taken.id)

    async def drop(self, taken: Taken) -> None:
        for folder in (self._incoming, self._kept):
            await asyncio.to_thread((folder / taken.id).unlink, missing_ok=True)

    async def read(self, file_id: str) -> AsyncIterator[bytes]:
        path = self._kept / file_id
        if not await asyncio.to_thread(path.exists):
            path = self._incoming / file_id
        with await asyncio.to_thread(path.open, "rb") as file:
            while part := await asyncio.to_thread(file.read, _CHUNK):
                yield part

    def _prepare(self) -> None:
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = time.time() - _LEFT_BEHIND_SECONDS
        for path in self._incoming.iterdir():
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)

    def _rename(self, file_id: str) -> None:
        (self._incoming / file_id).replace(self._kept / file_id)
        # The name itself must outlive a loss of power, too.
        folder = os.open(self._kept, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _flush(file: BufferedWriter) -> None:
    file.flush()
    os.fsync(file.fileno())


def _members(path: Path) -> frozenset[str]:
    """Name what is in an archive, without unpacking anything."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, ValueError, RuntimeError):  # of another version, or broken
        return frozenset()
