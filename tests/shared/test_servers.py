"""The servers of the tests: one that listens but refuses the login is replaced by one of our own."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest

from tests.support import servers


@pytest.mark.parametrize(
    ("serve", "variable", "programs"),
    [
        pytest.param(servers.postgres, "TEST_POSTGRES_URL", "_postgres_programs", marks=pytest.mark.postgres),
        pytest.param(servers.rabbitmq, "TEST_AMQP_URL", "_rabbitmq_program", marks=pytest.mark.rabbitmq),
    ],
)
def test_a_server_that_refuses_the_login_counts_as_none(
    serve: Callable[[], AbstractContextManager[str | None]],
    variable: str,
    programs: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
):
    there = urlsplit(request.getfixturevalue("postgres_url" if "POSTGRES" in variable else "amqp_url"))
    stranger = f"{there.scheme}://lingjun-stranger:wrong@{there.hostname}:{there.port}{there.path}"
    monkeypatch.setenv(variable, stranger)
    monkeypatch.setattr(servers, programs, lambda: None)
    with serve() as url:
        assert url is None


@pytest.mark.parametrize("serve", [servers.postgres, servers.rabbitmq])
def test_where_nobody_listens_there_is_no_server(
    serve: Callable[[], AbstractContextManager[str | None]], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:1/postgres")
    monkeypatch.setenv("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:1/")
    for programs in ("_postgres_programs", "_rabbitmq_program"):
        monkeypatch.setattr(servers, programs, lambda: None)
    with serve() as url:
        assert url is None
