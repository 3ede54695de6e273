"""What small runs are compared with: an embedded home that nothing disturbed."""

import pytest
import pytest_asyncio

from tests.crash.embedded import embedded_home
from tests.crash.line import SMALL, Outcome, play_line


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def small(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    async with embedded_home(tmp_path_factory.mktemp("undisturbed") / "home") as home:
        return await play_line(home, trainees=SMALL)
