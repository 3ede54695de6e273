"""A client that dies half-way and says everything again from the beginning comes to the same end."""

from pathlib import Path

import httpx
import pytest
from typing_extensions import override

from deploy.demo.client import Platform
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play
from deploy.demo.story import Story
from tests.crash.embedded import embedded_home
from tests.crash.line import LABEL, SMALL, Outcome, play_line


class ClientDied(Exception):
    """Stands for the end of the client's process, in the middle of whatever it did."""


class Dying(httpx.AsyncHTTPTransport):
    """Sends so many requests and hears every answer but the last."""

    def __init__(self, requests: int) -> None:
        super().__init__()
        self.left = requests

    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        self.left -= 1
        if not self.left:
            await answer.aclose()
            raise ClientDied
        return answer


@pytest.mark.crash
async def test_a_client_that_died_half_way_says_all_again_and_nothing_happens_twice(
    small: Outcome, tmp_path: Path
):
    async with embedded_home(tmp_path / "home") as home:
        platform = Platform(home.base_url, transport=Dying(small.requests // 2))
        with pytest.raises(ClientDied):
            await play(Story(platform, home.operator, shipped_packs(), LABEL, SMALL, lambda *_: None))
        await platform.close()
        again = await play_line(home, trainees=SMALL)
    assert again.export == small.export
