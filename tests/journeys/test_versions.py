"""Every resource of a played cycle was stated: once a change, contiguously, and last as REST shows it.

Copies and feeds are built from states alone, so a change that is not stated is lost to everybody else.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deploy.demo.client import Actor, Platform
from deploy.demo.command import operator_of
from deploy.demo.packs import shipped_packs
from deploy.demo.play import CHAPTERS
from deploy.demo.story import Story
from deploy.standalone import Home, running
from shared.database import Database
from shared.outbox import outbox
from tests.crash.settled import until_settled

WHOLE = {
    "registry.cycle": "/v1/policy-packs",
    "registry.organisation": "/v1/organisations",
    "registry.office": "/v1/offices",
    "registry.liaison_form": "/v1/liaison-forms",
    "registry.designation": "/v1/designations",
    "registry.class": "/v1/classes",
    "enrollment.enterprise": "/v1/enterprises",
    "certification.certificate": "/v1/certificates",
    "certification.certificate_batch": "/v1/certificate-batches",
}
OF_A_CLASS = {
    "enrollment.nomination": "/v1/nominations",
    "enrollment.roster": "/v1/rosters",
    "enrollment.enrolment": "/v1/enrolments",
    "enrollment.session": "/v1/sessions",
    "enrollment.completion": "/v1/completions",
}

Versions = Mapping[str, list[int]]


@pytest.fixture
async def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    # A home sets these for its process: the next test must not inherit them.
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        yield home


@pytest.fixture
async def story(home: Home) -> AsyncIterator[Story]:
    """Play a whole cycle to its certificates, and let it come to rest."""
    platform = Platform(home.address)
    story = Story(platform, operator_of(home), shipped_packs(), "2022-2023", 24, lambda *_: None)
    for chapter in CHAPTERS:
        await chapter(story)
    await until_settled(list(home.databases.values()))
    yield story
    await platform.close()


async def test_every_resource_states_each_of_its_versions_and_shows_the_last(home: Home, story: Story):
    stated: dict[str, list[int]] = {}
    for database in home.databases.values():
        stated |= await _stated(database)
    skipped = {subject: found for subject, found in stated.items() if found != _counted(found)}
    assert skipped == {}
    shown = await _shown(story.platform, story.cast.of_kind("bureau"))
    assert {subject.partition("/")[0] for subject in shown} == {*WHOLE, *OF_A_CLASS}
    assert shown == {subject: found[-1] for subject, found in stated.items()}


def _counted(versions: list[int]) -> list[int]:
    return list(range(1, len(versions) + 1))


async def _stated(database: Database) -> Versions:
    """List the versions that a service has stated of each aggregate, in the order of their recording."""
    states = select(outbox.c.body).where(outbox.c.type.like("%.state.v1")).order_by(outbox.c.position)
    found: dict[str, list[int]] = defaultdict(list)
    async with database.read() as session:
        for body in await session.scalars(states):
            event: dict[str, Any] = json.loads(body)
            found[event["subject"]].append(event["aggregateversion"])
    return found


async def _shown(platform: Platform, reader: Actor) -> dict[str, int]:
    """Read the version of everything that is listed."""
    shown: dict[str, int] = {}
    for resource, path in WHOLE.items():
        shown |= await _versions(platform, reader, resource, path)
    classes = [subject.partition("/")[2] for subject in shown if subject.startswith("registry.class/")]
    for class_id in classes:
        for resource, path in OF_A_CLASS.items():
            shown |= await _versions(platform, reader, resource, path, class_id=class_id)
    return shown


async def _versions(
    platform: Platform, reader: Actor, resource: str, path: str, **query: str
) -> dict[str, int]:
    items = platform.pages(reader, path, **query)
    return {f"{resource}/{item.get('id') or item['cycle_id']}": item["version"] async for item in items}
