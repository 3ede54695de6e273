"""`lingjun demo --url` against the networked home: a process per role, PostgreSQL and RabbitMQ between."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy import cli
from gateway.map import SERVICES
from tests.crash.networked import networked_home
from tests.support.databases import fresh_urls

pytestmark = [pytest.mark.postgres, pytest.mark.rabbitmq, pytest.mark.crash]
"""It is as long as the kill runs, so it runs with them."""

FEW = 24


async def test_the_demo_plays_a_cycle_against_separate_processes_and_they_agree(
    tmp_path: Path, postgres_url: str, amqp_url: str
):
    async with fresh_urls(tmp_path, postgres_url) as new_url:
        databases = {service: await new_url(service) for service in SERVICES}
        async with networked_home(tmp_path / "home", databases, amqp_url) as home:
            where = ["--url", home.base_url, "--credentials", str(tmp_path / "home" / "bootstrap.json")]
            words = ["demo", *where, "--trainees", str(FEW), "--home", str(tmp_path / "played")]
            told = await asyncio.to_thread(CliRunner().invoke, cli.app, words, catch_exceptions=False)
    assert told.exit_code == 0, told.stdout
    assert "reconciliation 对账: OK" in told.stdout
    summary = json.loads((tmp_path / "played" / "summary.json").read_text("utf-8"))
    assert summary["refused_designation"]["institution"] in summary["institutions_suspended"]
    assert summary["certificates_issued"] == summary["trainees_completed"] > 0
