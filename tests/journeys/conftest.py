"""A cycle played on a home of its own, small, with the reviewer and the trainees busier than usual."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.chapters import learning, rosters
from deploy.demo.client import Platform
from deploy.demo.command import operator_of
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play
from deploy.demo.story import Story
from deploy.demo.summary import Summary
from deploy.standalone import Home, running

Items = list[dict[str, Any]]

TRAINEES_A_CLASS = 4
"""Of so many nominated to a class one is rejected and of the three admitted one stays away or leaves."""


@dataclass(frozen=True, slots=True)
class Played:
    """A home with a cycle played to its end."""

    home: Home
    story: Story
    summary: Summary

    async def read(self, path: str, **query: str) -> Items:
        """Read a whole list as the bureau, which sees all."""
        bureau = self.story.cast.of_kind("bureau")
        return [item async for item in self.story.platform.pages(bureau, path, **query)]

    async def read_by_class(self, path: str) -> dict[str, Items]:
        return {course.id: await self.read(path, class_id=course.id) for course in self.story.courses}


@asynccontextmanager
async def played_small(folder: Path, label: str, *, classes: int) -> AsyncIterator[Played]:
    """Play a cycle with as few managers as show everything; `classes` count toward its target."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rosters, "REJECT_EVERY", TRAINEES_A_CLASS)
        patch.setattr(learning, "ABSENT_EVERY", TRAINEES_A_CLASS - 1)
        # A home sets these for its process: the next module must not inherit them.
        patch.setenv("LINGJUN_HOME", "unset")
        patch.setenv("LINGJUN_MODE", "production")
        async with running(folder, port=0, mode="rehearsal") as home:
            platform = Platform(home.address)
            trainees = classes * TRAINEES_A_CLASS
            story = Story(platform, operator_of(home), shipped_packs(), label, trainees, lambda *_: None)
            try:
                yield Played(home, story, await play(story))
            finally:
                await platform.close()
