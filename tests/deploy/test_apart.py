"""The play in a process of its own ends with its parent, and when it is told to."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.demo.apart import play_apart
from deploy.demo.client import Actor

OPERATOR = Actor("the-operator", "a-secret", "operator", "")


@asynccontextmanager
async def silent_gateway() -> AsyncIterator[tuple[str, asyncio.Event]]:
    """Listen and never answer; the event says that somebody has called."""
    called = asyncio.Event()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", called


async def test_a_play_that_is_told_to_stop_is_no_disagreement(tmp_path: Path):
    async with silent_gateway() as (address, called), asyncio.timeout(60):
        stop = asyncio.Event()
        playing = asyncio.create_task(
            play_apart(address, OPERATOR, label="2022-2023", trainees=1, home=tmp_path, stop=stop)
        )
        await called.wait()
        stop.set()
        assert await playing
    assert not (tmp_path / "summary.json").exists()


async def test_a_play_ends_with_its_parent(tmp_path: Path):
    async with silent_gateway() as (address, called), asyncio.timeout(60):
        told = {
            "base_url": address,
            "client_id": OPERATOR.client_id,
            "secret": OPERATOR.secret,
            "label": "2022-2023",
            "trainees": 1,
            "home": str(tmp_path),
        }
        player = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "deploy.demo.apart", stdin=asyncio.subprocess.PIPE
        )
        assert player.stdin is not None
        player.stdin.write(json.dumps(told).encode() + b"\n")
        await called.wait()
        player.stdin.close()
        assert await player.wait() == 1


async def test_a_play_that_fails_says_so(tmp_path: Path):
    stop = asyncio.Event()
    agreed = await play_apart("nowhere", OPERATOR, label="unknown", trainees=1, home=tmp_path, stop=stop)
    assert not agreed
