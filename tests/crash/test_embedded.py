"""The embedded home under kill -9: whatever is killed when, the line comes to the same end."""

from pathlib import Path

import pytest

from tests.crash.embedded import embedded_home
from tests.crash.line import Outcome, choose_moments, play_line

LABEL = "2022-2023"


async def played(
    folder: Path, *, trainees: int, moments: frozenset[int] = frozenset(), seed: int = 0
) -> Outcome:
    async with embedded_home(folder) as home:
        return await play_line(home, label=LABEL, trainees=trainees, moments=moments, seed=seed)


async def test_a_line_killed_three_times_comes_to_the_same_end(tmp_path: Path):
    undisturbed = await played(tmp_path / "undisturbed", trainees=40)
    moments = choose_moments(undisturbed.requests, kills=3, seed=3)
    killed = await played(tmp_path / "killed", trainees=40, moments=moments, seed=3)
    assert killed.kills == 3
    assert killed.export == undisturbed.export


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


async def test_two_undisturbed_runs_export_the_same_bytes(tmp_path: Path):
    first = await played(tmp_path / "first", trainees=20)
    second = await played(tmp_path / "second", trainees=20)
    assert first.export == second.export
    assert first.export.count("/v1/certificates\t") > 0
