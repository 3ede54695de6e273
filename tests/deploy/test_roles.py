"""The roles of a service's program that come to an end by themselves."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path


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
