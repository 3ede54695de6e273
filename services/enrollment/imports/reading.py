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


@asynccontextmanager
async def reading(content: Iterable[bytes]) -> AsyncIterator[tuple[Head, AsyncIterator[list[Line]]]]:
    """Lend what a file holds: its head, and its lines in batches. Raises FileRefused."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _PROGRAM,
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
    said = await _line(program)
    if said is None:  # a limit ended it
        raise FileRefused("workbook_too_large")
    if "fault" in said:
        raise FileRefused(said["fault"])
    return Head(
        format=said["format"],
        lines=said["lines"],
        stamp=said["stamp"],
        merged=said["merged"],
        hidden=frozenset(said["hidden"]),
        formulas=frozenset(said["formulas"]),
    )


async def _batches(program: asyncio.subprocess.Process) -> AsyncIterator[list[Line]]:
    while (said := await _line(program)) is not None:
        yield [(number, cells) for number, cells in said]
    if await program.wait() != 0:
        raise FileRefused("workbook_too_large")


async def _line(program: asyncio.subprocess.Process) -> Any:
    if program.stdout is None:
        raise RuntimeError("the program was started without an output")
    said = await program.stdout.readline()
    return json.loads(said) if said else None
