"""A process to be killed: two embedded services that move events until nothing is due, a line per effect.

`python -m tests.support.embedded <folder>` opens the two databases in the folder, which must exist.
"""

import asyncio
import sys
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from shared.broker import InProcessBroker
from shared.database import Database
from shared.events.enrollment import CompletionConfirmed
from shared.events.envelope import Event
from shared.listener import Listener
from shared.worker import drain
from tests.support.events import CERTIFICATION, leave_trace

SENDER = Listener("enrollment", frozenset(), {})


async def _tell(session: AsyncSession, event: Event) -> None:
    await leave_trace(session, event)
    sys.stdout.write(f"{event.id}\n")
    sys.stdout.flush()


async def main(folder: Path) -> None:
    listener = Listener("certification", CERTIFICATION.states, {CompletionConfirmed: _tell})
    sender, receiver = (
        Database(f"sqlite+aiosqlite:///{folder / f'{name}.db'}", name=name)
        for name in ("enrollment", "certification")
    )
    broker = InProcessBroker({"enrollment": sender, "certification": receiver})
    await drain(broker, {sender: SENDER, receiver: listener})
    await sender.close()
    await receiver.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
