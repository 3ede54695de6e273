"""The networked home under kill -9: whatever dies when, it ends as the embedded home does."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from gateway.map import SERVICES
from tests.crash.embedded import embedded_home
from tests.crash.line import SMALL, Outcome, choose_moments, play_line
from tests.crash.networked import ANY, Outage, networked_home
from tests.support import servers
from tests.support.databases import fresh_urls
from tests.support.servers import missing

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq]

DEATHS = (ANY, "broker killed", ANY, "database killed", ANY, "broker restarted", ANY)
"""Who dies in the long run, in this order."""


class Servers:
    """Where the networked homes of a test keep their rows and queues; `outages` is what may befall these."""

    def __init__(
        self, folder: Path, postgres_url: str, amqp_url: str, outages: Mapping[str, Outage] | None = None
    ) -> None:
        self.folder = folder
        self.postgres_url = postgres_url
        self.amqp_url = amqp_url
        self.outages = outages or {}

    async def play(
        self,
        name: str,
        *,
        trainees: int,
        moments: frozenset[int] = frozenset(),
        seed: int = 0,
        workers: int = 1,
        deaths: Iterable[str] = (),
    ) -> tuple[Outcome, Sequence[str]]:
        """Play the line on new databases; tell what it came to and who was killed."""
        async with AsyncExitStack() as stack:
            new_url = await stack.enter_async_context(fresh_urls(self.folder, self.postgres_url))
            databases = {service: await new_url(service) for service in SERVICES}
            home = await stack.enter_async_context(
                networked_home(
                    self.folder / name,
                    databases,
                    self.amqp_url,
                    workers=workers,
                    outages=self.outages,
                    deaths=deaths,
                )
            )
            outcome = await play_line(home, trainees=trainees, moments=moments, seed=seed)
            return outcome, home.killed


@pytest.fixture
def lent(tmp_path: Path, postgres_url: str, amqp_url: str) -> Servers:
    return Servers(tmp_path, postgres_url, amqp_url)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Servers]:
    """Start servers that nobody else uses, so that they may die."""
    with servers.own_postgres() as postgres, servers.own_rabbitmq() as rabbit:
        if postgres is None or rabbit is None:
            missing("RabbitMQ" if postgres else "PostgreSQL")
        outages = {
            "broker killed": Outage(rabbit.kill, rabbit.start),
            "broker restarted": Outage(rabbit.stop, rabbit.start),
            "database killed": Outage(postgres.kill, postgres.start),
        }
        yield Servers(tmp_path, postgres.url, rabbit.url, outages)


@pytest.mark.crash
async def test_a_networked_line_that_loses_processes_ends_as_an_embedded_one(lent: Servers, small: Outcome):
    moments = choose_moments(small.requests, kills=2, seed=1)
    killed, names = await lent.play("killed", trainees=SMALL, moments=moments, seed=1)
    assert len(names) == killed.kills == 2
    assert killed.export == small.export


@pytest.mark.crash
async def test_a_networked_line_with_two_workers_that_loses_its_servers_too_ends_as_an_embedded_one(
    mortal: Servers, tmp_path: Path
):
    async with embedded_home(tmp_path / "embedded") as home:
        embedded = await play_line(home, trainees=200)
    moments = choose_moments(embedded.requests, kills=len(DEATHS), seed=5)
    killed, names = await mortal.play(
        "killed", trainees=200, moments=moments, seed=5, workers=2, deaths=DEATHS
    )
    assert killed.kills == len(DEATHS)
    assert [name for name in names if name in mortal.outages] == [name for name in DEATHS if name != ANY]
    assert killed.export == embedded.export
