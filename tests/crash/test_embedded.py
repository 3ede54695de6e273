"""The embedded home under kill -9: whatever is killed when, the line comes to the same end."""

from pathlib import Path

import pytest

from tests.crash.embedded import embedded_home
from tests.crash.line import SMALL, Outcome, choose_moments, play_line


async def played(
    folder: Path, *, trainees: int, moments: frozenset[int] = frozenset(), seed: int = 0
) -> Outcome:
    async with embedded_home(folder) as home:
        return await play_line(home, trainees=trainees, moments=moments, seed=seed)


async def test_a_line_killed_three_times_comes_to_the_same_end(small: Outcome, tmp_path: Path):
    moments = choose_moments(small.requests, kills=3, seed=3)
    killed = await played(tmp_path / "killed", trainees=SMALL, moments=moments, seed=3)
    assert killed.kills == 3
    assert killed.export == small.export
    assert small.export.count("/v1/certificates\t") > SMALL / 2


@pytest.mark.crash
async def test_a_line_killed_twenty_times_comes_to_the_same_end(tmp_path: Path):
    undisturbed = await played(tmp_path / "undisturbed", trainees=200)
    kills = 0
    for seed in range(4):
        moments = choose_moments(undisturbed.requests, kills=5, seed=seed)
        killed = await played(tmp_path / f"killed-{seed}", trainees=200, moments=moments, seed=seed)
        assert killed.export == undisturbed.export
        kills += killed.kills
    assert kills == 20
