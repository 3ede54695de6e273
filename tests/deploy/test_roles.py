"""The roles of a service's program that come to an end by themselves."""

import os
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from services.registry.app import MIGRATIONS, build
from services.registry.handlers import LISTENER
from services.registry.republishing import RESTATED
from services.registry.settings import Settings
from shared.roles import play


def test_migrate_brings_the_database_of_its_service_up_and_may_be_said_again(tmp_path: Path):
    file = tmp_path / "certification.db"
    environment = {
        **os.environ,
        "LINGJUN_HOME": str(tmp_path),
        "CERTIFICATION_DATABASE_URL": f"sqlite+aiosqlite:///{file}",
    }
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-m", "services.certification", "migrate"], check=True, env=environment
        )
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM certificates").fetchone() == (0,)
    connection.close()


def test_republish_records_what_the_service_has_for_the_one_that_is_named(tmp_path: Path):
    file = tmp_path / "registry.db"
    environment = {
        **os.environ,
        "LINGJUN_HOME": str(tmp_path),
        "LINGJUN_MODE": "rehearsal",
        "REGISTRY_DATABASE_URL": f"sqlite+aiosqlite:///{file}",
    }
    program = partial(subprocess.run, check=True, env=environment)
    program([sys.executable, "-m", "services.registry", "migrate"])
    program([sys.executable, "-m", "services.registry", "bootstrap"])
    program([sys.executable, "-m", "services.registry", "republish", "evaluation"])
    connection = sqlite3.connect(file)
    told = "SELECT type, only_for, relayed_at FROM outbox WHERE only_for IS NOT NULL"
    assert connection.execute(told).fetchall() == [("registry.organisation.state.v1", "evaluation", None)]
    connection.close()


@pytest.mark.parametrize("consumer", ["registry", "accounting", ""])
def test_a_service_republishes_neither_to_itself_nor_to_nobody(
    consumer: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "argv", ["registry", "republish", *consumer.split()])
    with pytest.raises(SystemExit, match="2"):
        play(lambda: Settings.model_validate({}), build, LISTENER, MIGRATIONS, RESTATED)
