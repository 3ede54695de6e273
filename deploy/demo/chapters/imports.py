"""Beside chapter three: who has a sheet uploads it, reads what a dry run found, and has the file stored."""

import asyncio
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

from deploy.demo.client import Actor, Platform
from deploy.demo.sheets import as_csv, sheet_row
from deploy.demo.story import Course, Story
from deploy.demo.synthetic import mistyped

_UNDER_WAY = frozenset({"checking", "committing"})
_PATIENCE_SECONDS, _PAUSE_SECONDS = 60.0, 0.1
_FIRST_LINE = 2
"""Below the headings."""


class ImportNeverEnded(Exception):
    """No worker has dealt with the file in time."""


async def put_forward(story: Story, actor: Actor, course: Course, places: Sequence[int], step: str) -> None:
    """Put managers forward by a file, with one mistyped row at its end, which must be refused alone."""
    rows = [sheet_row(story, course.managers[place]) for place in places]
    rows.append({**rows[0], "document_number": mistyped(rows[0]["document_number"])})
    platform = story.at(course.span.nominated_on)
    asked = await platform.upload(actor, "/v1/imports", as_csv(rows), step=step, class_id=course.id)
    path = f"/v1/imports/{asked['id']}"
    await _ended(platform, actor, path)
    await platform.post(actor, f"{path}/commit", {}, step=f"{step} commit")
    told = await _ended(platform, actor, path)
    story.importers.append(actor)
    story.refused_nominations += told["counts"].get("refused", 0)
    report = {row["line"]: row async for row in platform.pages(actor, f"{path}/rows")}
    for line, place in zip(count(_FIRST_LINE), places):
        if nomination_id := report[line]["nomination_id"]:
            course.nominations[place] = nomination_id


async def _ended(platform: Platform, actor: Actor, path: str) -> dict[str, Any]:
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while (told := await platform.get(actor, path))["status"] in _UNDER_WAY:
        if time.monotonic() > give_up:
            raise ImportNeverEnded(path)
        await asyncio.sleep(_PAUSE_SECONDS)
    return told
