"""What a newcomer feels first: how soon the platform answers, and how much memory it holds."""

import asyncio
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.demo.client import Platform
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play
from deploy.demo.story import Story
from tests.bench.figures import Measured, median_of
from tests.crash.embedded import EmbeddedHome, embedded_home
from tests.support.ports import free_port

ROUNDS = 3
READY_BAR_SECONDS = 5.0
MEMORY_BAR_MIB = 400.0
TRAINEES = 600


async def readiness() -> Mapping[str, Measured]:
    value = await median_of(ROUNDS, _seconds_to_ready)
    return {"ready_seconds": Measured(value=value, unit="s", limit_value=None, bar=READY_BAR_SECONDS)}


async def _seconds_to_ready() -> float:
    """Time from the start of the process on an empty folder to the first yes of `/readyz`."""
    with tempfile.TemporaryDirectory() as folder:
        home = EmbeddedHome(Path(folder), free_port())
        began = time.perf_counter()
        await home.start()
        value = time.perf_counter() - began
        await home.stop()
    return value


async def memory() -> Mapping[str, Measured]:
    """Take the resident memory of the serving process after a cycle of 600 managers; its peak counts."""
    with tempfile.TemporaryDirectory() as folder:
        async with embedded_home(Path(folder)) as home:
            platform = Platform(home.base_url)
            label = max(shipped_packs())
            story = Story(platform, home.operator, shipped_packs(), label, TRAINEES, lambda *_: None)
            await play(story)
            await platform.close()
            status = await asyncio.to_thread(Path(f"/proc/{home.process_id}/status").read_text)
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    value = peak / 1024
    return {"rss_mib": Measured(value=value, unit="MiB", limit_value=None, bar=MEMORY_BAR_MIB)}
