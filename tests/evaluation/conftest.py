"""An evaluation service on both databases, and what the registry would have told it of a cycle."""

from pathlib import Path

import pytest

from services.evaluation.tables import Row
from tests.evaluation.stage import Stage
from tests.support.databases import NewDatabase


@pytest.fixture
async def stage(new_database: NewDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setenv("LINGJUN_HOME", str(tmp_path))
    monkeypatch.setenv("LINGJUN_MODE", "rehearsal")
    database = await new_database("evaluation", Row.metadata)
    return await Stage.opened(database, tmp_path)


@pytest.fixture
async def patient_stage(stage: Stage, tmp_path: Path) -> Stage:
    """Give a stage on which refusals that rest on copies wait for newer ones."""
    await stage.database.start()
    return await Stage.opened(stage.database, tmp_path, copy_wait=10.0)
