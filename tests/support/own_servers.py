"""PostgreSQL and RabbitMQ from local binaries, each on a folder and a port of its own.

What was killed or stopped is started again on the same folder and port, with all that it promised to keep.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol, TypeVar

from tests.support.logins import lets_in, log_in_to_rabbitmq
from tests.support.ports import free_port

_START_SECONDS = 120


class ServerDidNotStart(Exception):
    """A server's program is there, but no server came of it."""


class OwnServer(Protocol):
    """`start` returns once the server lets us in; `kill` leaves it no time, `stop` all it needs."""

    @property
    def url(self) -> str: ...
    def start(self) -> None: ...
    def kill(self) -> None: ...
    def stop(self) -> None: ...


Server = TypeVar("Server", bound=OwnServer)


@contextmanager
def own(server: Callable[[Path, Path], Server], programs: Path) -> Iterator[Server]:
    """Run a server in a temporary folder while the block runs; the block may kill it and start it again."""
    user = "postgres" if server is OwnPostgres else "rabbitmq"
    with tempfile.TemporaryDirectory(prefix="lingjun-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, user)
        started = server(programs, folder)
        try:
            started.start()
            yield started
        finally:
            started.kill()


class OwnPostgres:
    """A cluster made by `initdb`; whoever may reach its port is its superuser."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._data = folder / "data"
        self._port = free_port()
        self._call(
            "initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"
        )

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        options += " -c max_connections=500"
        self._control(
            "-w", "-t", str(_START_SECONDS), "-l", str(self._folder / "log"), "-o", options, "start"
        )

    def kill(self) -> None:
        """End it without a checkpoint; the next start recovers from the log."""
        self._end("immediate")

    def stop(self) -> None:
        self._end("fast")

    def _end(self, mode: str) -> None:
        if (self._data / "postmaster.pid").exists():
            self._control("-w", "-m", mode, "stop")

    def _control(self, *arguments: str) -> None:
        self._call("pg_ctl", "-D", str(self._data), *arguments)

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(  # noqa: S603 - programs of the installed server
            [self._programs / program, *arguments],
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            timeout=_START_SECONDS,
            user=_run_as("postgres"),
        )


class OwnRabbit:
    """A node with a name, a folder and ports of its own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._port = free_port()
        self._server: subprocess.Popen[bytes] | None = None
        settings = folder / "rabbitmq.conf"
        settings.write_text(f"listeners.tcp.local = 127.0.0.1:{self._port}\n", encoding="ascii")
        settings.chmod(
            0o644
        )  # the broker runs as another user, and the program under test sets a strict umask
        self._environment = {
            **os.environ,
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"lingjun-{self._port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(settings),
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_LOG_BASE": str(folder),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
        }

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self._port}/"

    def start(self) -> None:
        with (self._folder / "out").open("ab") as out:
            # A group of its own: the program is a script, and the broker is its child.
            self._server = subprocess.Popen(  # noqa: S603 - a program of the installed server
                [self._program],
                env=self._environment,
                cwd=self._folder,
                stdout=out,
                stderr=out,
                user=_run_as("rabbitmq"),
                start_new_session=True,
            )
        give_up = time.monotonic() + _START_SECONDS
        while not lets_in(log_in_to_rabbitmq, self.url):
            if self._server.poll() is not None or time.monotonic() > give_up:
                raise ServerDidNotStart((self._folder / "out").read_text(errors="replace"))
            time.sleep(0.2)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        if self._server is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._server.pid, number)
        self._server.wait(_START_SECONDS)
        self._server = None


def _run_as(server: str) -> str | None:
    """Name the user of the server's package: PostgreSQL refuses to run as root."""
    return server if os.geteuid() == 0 else None
