"""PostgreSQL and RabbitMQ for tests: by address, else started from local binaries, else none.

The address comes from TEST_POSTGRES_URL and TEST_AMQP_URL and is this machine's by default; a server that
refuses the login counts as none. What was started here is stopped at the end and keeps its files in a
temporary folder.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
import asyncpg
from aio_pika.exceptions import AMQPError

from tests.support.ports import free_port

POSTGRES_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
AMQP_URL = "amqp://guest:guest@127.0.0.1:5672/"
_LOGIN_SECONDS = 5
_START_SECONDS = 60


class ServerDidNotStart(Exception):
    """A server's program is there, but no server came of it."""


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give the address of a server where databases may be made; None when there is none."""
    url = os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL)
    if _lets_in(_log_in_to_postgres, url):
        yield url
    elif (programs := _postgres_programs()) is None:
        yield None
    else:
        with _folder("postgres") as folder, _own_postgres(programs, folder) as started:
            yield started


@contextmanager
def rabbitmq() -> Iterator[str | None]:
    """Give the address of a broker; None when there is none."""
    url = os.environ.get("TEST_AMQP_URL", AMQP_URL)
    if _lets_in(_log_in_to_rabbitmq, url):
        yield url
    elif (program := _rabbitmq_program()) is None:
        yield None
    else:
        with _folder("rabbitmq") as folder, _own_rabbitmq(program, folder) as started:
            yield started


def _lets_in(log_in: Callable[[str], Awaitable[bool]], url: str) -> bool:
    """Tell whether the server can be used: the one of a Debian package listens, but wants a password."""

    async def attempt() -> bool:
        try:
            async with asyncio.timeout(_LOGIN_SECONDS):
                return await log_in(url)
        except (OSError, AMQPError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False

    # A fixture may be asked for while a loop is running; a thread has none.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, attempt()).result()


async def _log_in_to_postgres(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        mine = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
        return bool(await connection.fetchval(mine))
    finally:
        await connection.close()


async def _log_in_to_rabbitmq(url: str) -> bool:
    address = urlsplit(url)
    # Where nobody listens the client would say so aloud; this only raises.
    _, probe = await asyncio.open_connection(address.hostname, address.port)
    probe.close()
    connection = await aio_pika.connect(url)
    await connection.close()
    return True


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def _rabbitmq_program() -> Path | None:
    # The one on the path of a Debian system changes the user and shares the cookie of the system's broker.
    found = [Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), shutil.which("rabbitmq-server")]
    return next((Path(program) for program in found if program and Path(program).exists()), None)


def _run_as(server: str) -> str | None:
    """Name the user of the server's package: PostgreSQL refuses to run as root."""
    return server if os.geteuid() == 0 else None


@contextmanager
def _folder(user: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lingjun-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        yield folder


@contextmanager
def _own_postgres(programs: Path, folder: Path) -> Iterator[str]:
    port, data = free_port(), folder / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - programs of the installed server
            [programs / program, *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            timeout=_START_SECONDS,
            user=_run_as("postgres"),
        )

    call("initdb", "-D", str(data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
    call("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")


@contextmanager
def _own_rabbitmq(program: Path, folder: Path) -> Iterator[str]:
    port, settings = free_port(), folder / "rabbitmq.conf"
    settings.write_text(f"listeners.tcp.local = 127.0.0.1:{port}\n", encoding="ascii")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"lingjun-{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(settings),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder),
        "RABBITMQ_LOG_BASE": str(folder),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }
    url = f"amqp://guest:guest@127.0.0.1:{port}/"
    with (folder / "out").open("wb") as out:
        # A group of its own: the program is a script, and the broker is its child.
        server = subprocess.Popen(  # noqa: S603 - a program of the installed server
            [program],
            env=environment,
            cwd=folder,
            stdout=out,
            stderr=out,
            user=_run_as("rabbitmq"),
            start_new_session=True,
        )
        try:
            give_up = time.monotonic() + _START_SECONDS
            while not _lets_in(_log_in_to_rabbitmq, url):
                if server.poll() is not None or time.monotonic() > give_up:
                    raise ServerDidNotStart((folder / "out").read_text(errors="replace"))
                time.sleep(0.2)
            yield url
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(_START_SECONDS)
