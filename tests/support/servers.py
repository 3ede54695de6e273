"""PostgreSQL and RabbitMQ for tests: by address, else started from local binaries, else none.

The address comes from TEST_POSTGRES_URL and TEST_AMQP_URL and is this machine's by default. What was started
here is stopped at the end and keeps its files in a temporary folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

POSTGRES_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
AMQP_URL = "amqp://guest:guest@127.0.0.1:5672/"
_START_SECONDS = 60


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give the address of a server where databases may be made; None when there is none."""
    url = os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL)
    if _answers(url):
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
    if _answers(url):
        yield url
    elif (program := _rabbitmq_program()) is None:
        yield None
    else:
        with _folder("rabbitmq") as folder, _own_rabbitmq(program, folder) as started:
            yield started


def _answers(url: str) -> bool:
    address = urlsplit(url)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address.hostname or "127.0.0.1", address.port or 0)) == 0


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
    port, data = _free_port(), folder / "data"

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
    port, settings = _free_port(), folder / "rabbitmq.conf"
    settings.write_text(f"listeners.tcp.local = 127.0.0.1:{port}\n", encoding="ascii")
    environment = {
        **os.environ,
        "HOME": str(folder),
        "RABBITMQ_NODENAME": f"lingjun-{port}@localhost",
        "RABBITMQ_CONFIG_FILE": str(settings),
        "RABBITMQ_CONF_ENV_FILE": os.devnull,
        "RABBITMQ_DIST_PORT": str(_free_port()),
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
            for _ in range(_START_SECONDS * 5):
                if _answers(url) or server.poll() is not None:
                    break
                time.sleep(0.2)
            yield url
        finally:
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(_START_SECONDS)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
