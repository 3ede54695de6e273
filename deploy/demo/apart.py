"""The play in a process of its own, as clients are: the platform keeps its core for itself.

The child inherits the terminal for its bars. Its standard input says what to play, stays open as long as the
parent lives, and ends the child with it, so that two plays never speak to one home.
"""

import asyncio
import json
import os
import signal
import sys
import threading
from pathlib import Path
from subprocess import PIPE

import uvloop

from deploy.demo.client import Actor
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play_and_show


async def play_apart(
    address: str, operator: Actor, *, label: str, trainees: int, home: Path, stop: asyncio.Event
) -> bool:
    """Play as the operator until the end or until `stop`; tell whether what stands agrees."""
    player = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdin=PIPE)
    if player.stdin is None:
        raise RuntimeError("the play has a pipe")
    told = {
        "base_url": address,
        "client_id": operator.client_id,
        "secret": operator.secret,
        "label": label,
        "trainees": trainees,
        "home": str(home),
    }
    player.stdin.write(json.dumps(told).encode() + b"\n")
    ended = asyncio.create_task(player.wait())
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not ended.done():
        player.terminate()
        await ended
        return True
    return player.returncode == 0


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both; the parent tells when to end
    told = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    playing = play_and_show(
        told["base_url"],
        Actor(told["client_id"], told["secret"], "operator", ""),
        shipped_packs(),
        label=told["label"],
        trainees=told["trainees"],
        home=Path(told["home"]),
    )
    sys.exit(0 if uvloop.run(playing) else 1)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(1)


if __name__ == "__main__":
    main()
