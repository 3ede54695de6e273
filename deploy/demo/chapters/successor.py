"""Chapter eight: whom the evaluation suspended is not designated in the cycle that follows (C39, Q14)."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from deploy.demo.chapters.evaluation import assessment
from deploy.demo.chapters.notice import designation
from deploy.demo.client import Actor, Platform
from deploy.demo.story import Story
from deploy.demo.successor import invent_successor
from shared.events.policy import load_pack

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.1


class SuspensionsNeverCame(Exception):
    """The registry did not hear in time of everybody whom the final round suspends."""


async def succeed(story: Story) -> None:
    """Activate the cycle after the played one; ask a designation for one who is barred and one other.

    Where no shipped pack follows the played one, the next cycle is invented.
    """
    if not story.round_id or story.pack.designation is None:
        return
    suspended = await suspended_ids(story)
    await _heard(story, suspended)
    shipped = map(load_pack, story.packs.values())
    follower = next((one for one in shipped if one.follows == story.cycle_id), None)
    pack = follower or invent_successor(story.pack)
    final_on = assessment(story).final_on
    platform = story.at(max(pack.notice.signed_on, final_on + timedelta(days=10)))
    bureau = story.cast.of_kind("bureau")
    body = {"document": pack.document()}
    await platform.post(bureau, "/v1/policy-packs", body, step=story.step("next pack"))
    story.following_id = pack.cycle_id
    path = f"/v1/policy-packs/{story.following_id}/activation"
    await platform.post(bureau, path, {}, step=story.step("next activation"))
    story.told("next cycle", 1, 2)
    await ask_designations(story, suspended)
    story.told("next cycle", 2, 2)


async def suspended_ids(story: Story) -> set[str]:
    """Read whom the final round suspends."""
    path, reader = f"/v1/evaluation-rounds/{story.round_id}/results", story.cast.of_kind("bureau")
    return {
        result["institution_id"] async for result in story.platform.pages(reader, path) if result["suspended"]
    }


async def ask_designations(story: Story, suspended: set[str]) -> list[tuple[Actor, dict[str, Any]]]:
    """Ask to designate the first institution that is suspended and the first that is not; give the answers.

    The answers are kept under the key of the step, so whoever asks again hears the same.
    """
    institutions = story.cast.institutions(story.label)
    barred = [one for one in institutions if one.organisation_id in suspended][:1]
    free = [one for one in institutions if one.organisation_id not in suspended][:1]
    asked = [*barred, *free]
    items = [
        designation(story, one, number, cycle_id=story.following_id) for number, one in enumerate(asked, 1)
    ]
    platform = story.at(assessment(story).final_on + timedelta(days=30))
    holder = story.holder("designate_institutions")
    step = story.step("next designations")
    return list(zip(asked, await platform.bulk(holder, "/v1/designations", items, step=step), strict=True))


async def _heard(story: Story, suspended: set[str]) -> None:
    """Wait until the registry has heard of every suspension: before that it would still designate."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while not suspended <= await _known(story.platform, story.cycle_id):
        if time.monotonic() > give_up:
            raise SuspensionsNeverCame(story.cycle_id)
        await asyncio.sleep(_PAUSE_SECONDS)


async def _known(platform: Platform, cycle_id: str) -> set[str]:
    path = "/v1/suspensions"
    return {one["institution_id"] async for one in platform.pages(None, path, evaluated_cycle_id=cycle_id)}
