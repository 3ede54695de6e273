"""Fixtures of all tests: servers, and throwaway databases of both kinds.

A test that asks for `dialect` (or for what rests on it) runs once on each database. Without a server it is
skipped, with one loud line at the end; where CI=true a missing server is a failure.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared.database import Database
from tests.support import servers
from tests.support.databases import NewDatabase, NewUrl, drop_spare, fresh_databases, fresh_urls
from tests.support.servers import NO_SERVER, missing


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter):
    """Say loudly, once, which servers were missing; reports reach here from all workers of a run."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    for server in ("PostgreSQL", "RabbitMQ"):
        if count := sum(NO_SERVER + server in reason for reason in reasons):
            line = f"!!! {server} WAS NOT THERE: {count} tests of it did not run !!!"
            terminalreporter.write_line(line, red=True, bold=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str | None]:
    with servers.postgres() as url:
        yield url
        if url is not None:
            asyncio.run(drop_spare(url))


@pytest.fixture(scope="session")
def amqp_server() -> Iterator[str | None]:
    with servers.rabbitmq() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: str | None) -> str:
    """Give the address of a PostgreSQL server where databases may be made."""
    if postgres_server is None:
        missing("PostgreSQL")
    return str(postgres_server)


@pytest.fixture
def amqp_url(amqp_server: str | None) -> str:
    """Give the address of a RabbitMQ server; keep to queues with a prefix of your own."""
    if amqp_server is None:
        missing("RabbitMQ")
    return str(amqp_server)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(dialect: str, request: pytest.FixtureRequest) -> str | None:
    """Give the address of the server of a test that runs on PostgreSQL; None of one that runs on SQLite."""
    return str(request.getfixturevalue("postgres_url")) if dialect == "postgresql" else None


@pytest.fixture
async def new_url(server: str | None, tmp_path: Path) -> AsyncIterator[NewUrl]:
    async with fresh_urls(tmp_path, server) as new:
        yield new


@pytest.fixture
async def new_database(server: str | None, tmp_path: Path) -> AsyncIterator[NewDatabase]:
    async with fresh_databases(tmp_path, server) as new:
        yield new


@pytest.fixture
async def db(new_database: NewDatabase) -> Database:
    """Make a database with nothing but the plumbing."""
    return await new_database()
