"""Whether the door is open, and whether everything behind it is ready.

`/healthz` speaks for this process alone. `/readyz` asks every service: it is for people
and start scripts; a load balancer that used it would close the door because one room is dark.
"""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus

from gateway.asgi import App, get

_PATIENCE_SECONDS = 2.0


async def readiness(upstreams: Mapping[str, App], *, keys_known: bool) -> tuple[bool, dict[str, str]]:
    """Ask all services at once; the reasons are words, never addresses or faults."""
    words = await asyncio.gather(*(_word(app) for app in upstreams.values()))
    report = dict(zip(upstreams, words, strict=True)) | {"keys": "ready" if keys_known else "unknown"}
    return all(word == "ready" for word in report.values()), report


async def _word(app: App) -> str:
    try:
        answer = await get(app, "/readyz", seconds=_PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001  whatever is wrong there, here it means one thing
        return "unreachable"
    return "ready" if answer.status == HTTPStatus.OK else "not ready"
