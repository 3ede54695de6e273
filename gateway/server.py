"""uvicorn, held on a leash: it serves while the block runs and leaves signals to whoever holds it.

By itself uvicorn raises the signal again inside `serve()`, before anything around it could
be closed; here the caller stops first, and open requests are given time to end.
"""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from typing_extensions import override

from gateway.asgi import App

_GRACE_SECONDS = 20
_BACKLOG = 2048


class PortTaken(Exception):
    """Something else listens there."""

    def __init__(self, port: int) -> None:
        self.port = port
        super().__init__(f"port {port} is taken; choose another with PORT")


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything expensive begins; 0 takes any free one."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by each connection. An answer goes out in two writes, and asyncio leaves the second to wait
    # 40 ms for an acknowledgement unless the socket was made with a protocol number.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        raise PortTaken(port) from fault
    listener.listen(_BACKLOG)
    return listener


@asynccontextmanager
async def serving(app: App, listener: socket.socket) -> AsyncIterator[None]:
    """Serve the application on this socket until the block ends."""
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.up.wait()
        yield
    finally:
        server.should_exit = True
        await task


def stop_on_signals() -> asyncio.Event:
    """Return the event that SIGTERM and SIGINT set."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()
