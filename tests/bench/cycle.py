"""How long a cycle takes, played as `make run` plays it: the platform in one process, its client in another.

From ready to the end of the play, as `summary.json` tells it. One round: a cycle is long enough to even out
what else the machine does.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from deploy.demo.command import enough_for
from deploy.demo.packs import shipped_packs
from tests.bench.figures import Measured
from tests.support.ports import free_port

LABEL = "2022-2023"
BAR_SECONDS = 60.0
FEW, MANY = 2_000, 20_000
BAR_GROWTH = 1.2
_PROGRAM = "from deploy.cli import main; main()"


class NotPlayed(Exception):
    """The cycle did not come to its end; says what the command printed last."""


async def seconds() -> Mapping[str, Measured]:
    """Play the cycle with as many managers as `make run` does."""
    value = await _seconds(enough_for(shipped_packs()[LABEL]))
    return {"cycle_seconds": Measured(value=value, unit="s", limit_value=None, bar=BAR_SECONDS)}


async def growth() -> Mapping[str, Measured]:
    """Compare what a manager costs among many with what one costs among few; takes ten minutes."""
    few, many = await _seconds(FEW) / FEW, await _seconds(MANY) / MANY
    return {"cost_growth": Measured(value=many / few, unit="times", limit_value=None, bar=BAR_GROWTH)}


async def _seconds(trainees: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        told = ["--home", folder, "--port", str(free_port()), "--cycle", LABEL, "--trainees", str(trainees)]
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", _PROGRAM, "demo", *told),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await process.communicate()
        if process.returncode or not (home / "summary.json").exists():
            raise NotPlayed(printed.decode(errors="replace")[-2000:])
        return float(json.loads((home / "summary.json").read_text(encoding="utf-8"))["seconds"])
