"""PostgreSQL and RabbitMQ for tests: by address, else started from local binaries, else none.

The address comes from TEST_POSTGRES_URL and TEST_AMQP_URL and is this machine's by default; a server that
refuses the login counts as none. What was started here is stopped at the end and keeps its files in a
temporary folder.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from tests.support.logins import lets_in, log_in_to_postgres, log_in_to_rabbitmq
from tests.support.own_servers import OwnPostgres, OwnRabbit, own

POSTGRES_URL = "postgresql://postgres@127.0.0.1:5432/postgres"
AMQP_URL = "amqp://guest:guest@127.0.0.1:5672/"
NO_SERVER = "no server: "


def missing(server: str) -> NoReturn:
    """Skip the test that needs this server; where CI=true a missing server is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{server}: neither a server at its address nor local binaries")
    pytest.skip(NO_SERVER + server)


@contextmanager
def postgres() -> Iterator[str | None]:
    """Give the address of a server where databases may be made; None when there is none."""
    url = os.environ.get("TEST_POSTGRES_URL", POSTGRES_URL)
    if lets_in(log_in_to_postgres, url):
        yield url
    elif (programs := _postgres_programs()) is None:
        yield None
    else:
        with own(OwnPostgres, programs) as started:
            yield started.url


@contextmanager
def rabbitmq() -> Iterator[str | None]:
    """Give the address of a broker; None when there is none."""
    url = os.environ.get("TEST_AMQP_URL", AMQP_URL)
    if lets_in(log_in_to_rabbitmq, url):
        yield url
    elif (program := _rabbitmq_program()) is None:
        yield None
    else:
        with own(OwnRabbit, program) as started:
            yield started.url


@contextmanager
def own_postgres() -> Iterator[OwnPostgres | None]:
    """Start a server that the test may kill; None where the programs are missing."""
    if (programs := _postgres_programs()) is None:
        yield None
    else:
        with own(OwnPostgres, programs) as started:
            yield started


@contextmanager
def own_rabbitmq() -> Iterator[OwnRabbit | None]:
    """Start a broker that the test may kill; None where the program is missing."""
    if (program := _rabbitmq_program()) is None:
        yield None
    else:
        with own(OwnRabbit, program) as started:
            yield started


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "pg_ctl").exists()), None)


def _rabbitmq_program() -> Path | None:
    # The one on the path of a Debian system changes the user and shares the cookie of the system's broker.
    found = [Path("/usr/lib/rabbitmq/bin/rabbitmq-server"), shutil.which("rabbitmq-server")]
    return next((Path(program) for program in found if program and Path(program).exists()), None)
