"""The command line, as an operator types it."""

import asyncio
import json
import stat
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import insert, select
from typer.testing import CliRunner, Result

from deploy import cli
from deploy.home import database_url
from deploy.keycommand import ROTATED
from shared.database import Database
from shared.inbox import inbox
from shared.keys import KeyRing, RotationSettling

NOW = datetime(2022, 7, 1, tzinfo=UTC)
EVENT = "01a20136-8d39-7e1e-aff4-0f4ce85692a8"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for service in cli.SERVICES:
        monkeypatch.delenv(f"{service.upper()}_DATABASE_URL", raising=False)
    monkeypatch.setenv("LINGJUN_HOME", str(tmp_path))
    return tmp_path


def lingjun(*words: str) -> Result:
    return CliRunner().invoke(cli.app, words, catch_exceptions=False)


def test_missing_keys_are_made_once_and_for_their_owner_alone(home: Path):
    made = lingjun("keys").stdout.split()
    assert "token-signing" in made
    assert {stat.S_IMODE(path.stat().st_mode) for path in (home / "keys").iterdir()} == {0o600}
    assert lingjun("keys").stdout == "no key is missing\n"


def test_a_rotation_puts_a_key_beside_the_old_one_and_a_second_waits_for_it(home: Path):
    lingjun("keys")
    (old,) = kids(home)
    new = lingjun("keys", "--rotate", "token-signing").stdout.strip()
    assert kids(home) == [new, old]
    with pytest.raises(RotationSettling):
        lingjun("keys", "--rotate", "token-signing")
    assert lingjun("keys", "--prune").stdout == "no key is past its use\n"
    assert kids(home) == [new, old]


def test_a_key_that_is_past_its_use_is_pruned_by_its_name(home: Path):
    lingjun("keys")
    (old,) = kids(home)
    KeyRing(home / "keys", now=lambda: time.time() - 3600).rotate("token-signing")
    assert lingjun("keys", "--prune").stdout == f"{old}\n"
    assert old not in kids(home)


def test_a_stolen_key_is_replaced_at_once_and_alone(home: Path):
    lingjun("keys")
    new = lingjun("keys", "--rotate", "token-signing", "--now").stdout.strip()
    assert kids(home) == [new]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rotate", "person-index"), "one of token-signing"),
        (("--rotate", "accounting"), "one of token-signing"),
        (("--now",), "goes with --rotate"),
        (("--rotate", "stamp", "--prune"), "prunes by itself"),
    ],
)
def test_a_rotation_that_would_do_harm_is_refused(home: Path, words: tuple[str, ...], said: str):
    lingjun("keys")
    before = {path: path.read_bytes() for path in (home / "keys").iterdir()}
    answer = lingjun("keys", *words)
    assert (answer.exit_code, said in answer.stderr.replace("\n", " ")) == (2, True), answer.stderr
    assert {path: path.read_bytes() for path in (home / "keys").iterdir()} == before


@pytest.mark.parametrize("purpose", [purpose for purpose in ROTATED if purpose != "token-signing"])
def test_what_must_stay_readable_has_no_quick_way(
    home: Path, purpose: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    lingjun("keys")
    (old,) = kids(home, purpose)
    monkeypatch.setattr(sys, "argv", ["lingjun", "keys", "--rotate", purpose, "--now"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert f"lingjun: {purpose} cannot do without its old keys" in capsys.readouterr().err
    assert lingjun("keys", "--rotate", purpose).exit_code == 0
    assert kids(home, purpose)[1:] == [old]


def kids(home: Path, purpose: str = "token-signing") -> list[str]:
    """List the keys in the file, newest first."""
    return [key["kid"] for key in json.loads((home / "keys" / f"{purpose}.json").read_text())["keys"]]


def test_there_is_one_first_client_and_its_credentials_are_kept(home: Path):
    lingjun("migrate")
    assert lingjun("bootstrap").stdout == f"{home / 'bootstrap.json'}\n"
    first = (home / "bootstrap.json").read_text()
    assert lingjun("bootstrap").stdout == "there is an operator already; nothing was made\n"
    assert (home / "bootstrap.json").read_text() == first
    assert stat.S_IMODE((home / "bootstrap.json").stat().st_mode) == 0o600


def test_a_parked_event_is_listed_and_replayed(home: Path):
    lingjun("migrate")
    asyncio.run(_park(home))
    (listed,) = lingjun("parked", "list", "--service", "enrollment").stdout.splitlines()
    assert json.loads(listed)["event_id"] == EVENT
    assert lingjun("parked", "replay", "--service", "enrollment", EVENT).stdout == f"{EVENT}\n"
    assert lingjun("parked", "list", "--service", "enrollment").stdout == ""
    assert asyncio.run(_status(home)) == "due"


def test_an_owner_says_how_much_it_states_again_and_for_whom(home: Path):
    lingjun("migrate")
    lingjun("bootstrap")
    said = lingjun("republish", "--service", "registry", "--to", "integration").stdout.splitlines()
    assert "registry.organisation: 1" in said
    assert "registry.class: 0" in said
    # certification keeps copies of four resources of the registry, and the registry of rosters
    narrow = lingjun("republish", "--service", "registry", "--to", "certification").stdout.splitlines()
    assert len(narrow) == 4
    rosters = lingjun("republish", "--service", "enrollment", "--to", "registry").stdout
    assert rosters == "enrollment.roster: 0\n"


def test_nothing_is_told_again_to_a_service_that_does_not_exist(home: Path):
    answer = lingjun("republish", "--service", "registry", "--to", "accounting")
    assert answer.exit_code == 2
    assert "integration" in answer.stderr


def test_a_service_that_does_not_exist_is_no_service(home: Path):
    answer = lingjun("parked", "list", "--service", "accounting")
    assert answer.exit_code == 2
    assert "registry" in answer.stderr


async def _park(home: Path) -> None:
    database = Database(database_url(home, "enrollment"), name="enrollment")
    parked = {"event_id": EVENT, "type": "x", "body": "{}", "status": "parked", "due_at": NOW, "attempts": 8}
    async with database.write() as session:
        await session.execute(insert(inbox), [parked | {"fault": "ValueError", "settled_at": NOW}])
    await database.close()


async def _status(home: Path) -> str | None:
    database = Database(database_url(home, "enrollment"), name="enrollment")
    async with database.read() as session:
        status = await session.scalar(select(inbox.c.status))
    await database.close()
    return status
