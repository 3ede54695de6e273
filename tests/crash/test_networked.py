"""The networked home under kill -9: whichever process dies when, it ends as the embedded home does."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from gateway.map import SERVICES
from tests.crash.embedded import embedded_home
from tests.crash.line import SMALL, Outcome, choose_moments, play_line
from tests.crash.networked import networked_home
from tests.support.databases import fresh_urls

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq]


class Servers:
    """Where the networked homes of a test keep their rows and queues."""

    def __init__(self, folder: Path, postgres_url: str, amqp_url: str) -> None:
        self.folder = folder
        self.postgres_url = postgres_url
        self.amqp_url = amqp_url

    async def play(
        self, name: str, *, trainees: int, moments: frozenset[int] = frozenset(), seed: int = 0
    ) -> tuple[Outcome, Sequence[str]]:
        """Play the line on new databases; tell what it came to and which processes were killed."""
        async with fresh_urls(self.folder, self.postgres_url) as new_url:
            databases = {service: await new_url(service) for service in SERVICES}
            async with networked_home(self.folder / name, databases, self.amqp_url) as home:
                outcome = await play_line(home, trainees=trainees, moments=moments, seed=seed)
                return outcome, home.killed


@pytest.fixture
def servers(tmp_path: Path, postgres_url: str, amqp_url: str) -> Servers:
    return Servers(tmp_path, postgres_url, amqp_url)


@pytest.mark.crash
async def test_a_networked_line_that_loses_processes_ends_as_an_embedded_one(
    servers: Servers, small: Outcome
):
    moments = choose_moments(small.requests, kills=2, seed=1)
    killed, names = await servers.play("killed", trainees=SMALL, moments=moments, seed=1)
    assert len(names) == killed.kills == 2
    assert killed.export == small.export


@pytest.mark.crash
async def test_a_networked_line_killed_five_times_ends_as_both_homes_undisturbed(
    servers: Servers, tmp_path: Path
):
    async with embedded_home(tmp_path / "embedded") as home:
        embedded = await play_line(home, trainees=200)
    undisturbed, _ = await servers.play("undisturbed", trainees=200)
    moments = choose_moments(undisturbed.requests, kills=5, seed=5)
    killed, names = await servers.play("killed", trainees=200, moments=moments, seed=5)
    assert len(names) == killed.kills == 5
    assert undisturbed.export == embedded.export
    assert killed.export == undisturbed.export
