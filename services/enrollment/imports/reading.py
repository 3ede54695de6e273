"""Reading an upload: its rows, as the reading program gives them, while the event loop goes on."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

_LONGEST_LINE = 64 * 1024 * 1024
_PROGRAM = "services.enrollment.imports.reader"

Line = tuple[int, list[Any]]
"""The number of a line in the file, from 1, and its cells."""

Batch = bytes
"""Lines that go together, as the program has said them; `lines_of` reads them."""


class FileRefused(Exception):
    """The file as a whole cannot be taken; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a file is before its rows are looked at; places of merged cells count columns from 0."""

    format: str
    lines: int
    stamp: dict[str, str]
    merged: list[list[int]]
    hidden: frozenset[int]
    formulas: frozenset[str]
    top: list[Line]
    """The first lines of the file; they come again with the others."""


def lines_of(batch: Batch) -> list[Line]:
    return [(number, cells) for number, cells in json.loads(batch)]


@asynccontextmanager
async def reading(content: Iterable[bytes], size: int) -> AsyncIterator[tuple[Head, AsyncIterator[Batch]]]:
    """Lend what a file holds: its head, and its lines in batches of that size. Raises FileRefused."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
        str(size),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
    )
    feeding = asyncio.create_task(_feed(program, content))
    try:
        yield await _head(program), _batches(program)
    finally:
        if program.returncode is None:
            program.kill()
        await asyncio.wait([feeding])
        await program.wait()


async def _feed(program: asyncio.subprocess.Process, content: Iterable[bytes]) -> None:
    if program.stdin is None:
        raise RuntimeError("the program was started without an input")
    try:
        for part in content:
            program.stdin.write(part)
            await program.stdin.drain()
        program.stdin.close()
    except (BrokenPipeError, ConnectionResetError):
        pass  # it has ended before it had read everything; what it said tells why


async def _head(program: asyncio.subprocess.Process) -> Head:
    line = await _line(program)
    if not line:  # a limit ended it
        raise FileRefused("workbook_too_large")
    said = json.loads(line)
    if "fault" in said:
        raise FileRefused(said["fault"])
    return Head(
        format=said["format"],
        lines=said["lines"],
        stamp=said["stamp"],
        merged=said["merged"],
        hidden=frozenset(said["hidden"]),
        formulas=frozenset(said["formulas"]),
        top=[(number, cells) for number, cells in said["top"]],
    )


async def _batches(program: asyncio.subprocess.Process) -> AsyncIterator[Batch]:
    while batch := await _line(program):
        yield batch
    if await program.wait() != 0:
        raise FileRefused("workbook_too_large")


async def _line(program: asyncio.subprocess.Process) -> bytes:
    if program.stdout is None:
        raise RuntimeError("the program was started without an output")
    return await program.stdout.readline()
