"""A correction of a pack over the embedded home: within two seconds every service judges by it.

What was decided before is explained and checked by the revision of then.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.standalone import running
from shared.copies import get_copy
from shared.events.policy import parse_pack
from shared.events.registry import CycleState, PackRevisionState, revision_id
from tests.support.cast import Played, Thing
from tests.support.played import play

WITHIN_SECONDS = 2.0
HEARERS = ("enrollment", "evaluation", "certification")


@pytest.mark.clause("C01", "C06", "C40")
async def test_a_correction_judges_everywhere_within_two_seconds_and_nothing_that_was_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # Put back what a home sets for its process.
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        played = await play(home)
        thing = played.things[0]
        platform, bureau = played.platform, played.actors["bureau"]
        path = f"/v1/policy-packs/{thing.cycle_id}"
        document = corrected((await platform.get(None, path))["document"])
        body = {"document": document, "reason": "原文勘误"}
        await platform.post(bureau, f"{path}/revisions", body, step="correction")
        done = time.monotonic() + WITHIN_SECONDS

        async def shown() -> bool:
            progress = await platform.get(bureau, "/v1/progress", cycle_id=thing.cycle_id)
            return (progress["revision"], progress["floors"][0]["min_persons"]) == (2, 2100)

        await until(shown, done)
        for service in HEARERS:
            await until(lambda name=service: _has_both(played, thing, name), done)

        roster = await platform.get(bureau, f"/v1/rosters/{thing.ids['roster_id']}")
        assert (roster["status"], roster["revision"]) == ("approved", 1)
        check = await platform.get(None, f"/v1/verifications/{thing.ids['code']}")
        assert (check["signature"], check["issuer"]) == ("yes", "yes")
        assert check["issued_by"]["zh"] != document["certificate"]["issuer"]["zh"]
        await platform.close()


def corrected(document: dict[str, Any]) -> dict[str, Any]:
    """Correct a floor and the name of who issues certificates."""
    floors = [{**one, "min_persons": 2100} for one in document["floors"]]
    rule = document["certificate"]
    issuer = {**rule["issuer"], "zh": "另一颁发单位", "en": "Another issuer"}
    changed = {**document, "floors": floors, "certificate": {**rule, "issuer": issuer}}
    return parse_pack(changed).document()


async def until(holds: Callable[[], Awaitable[bool]], done: float) -> None:
    """Ask again until it holds; fail when the time is over."""
    while not await holds():
        assert time.monotonic() < done, "the correction is not in force everywhere"
        await asyncio.sleep(0)


async def _has_both(played: Played, thing: Thing, service: str) -> bool:
    """Tell whether a service has the corrected cycle, and the revision before beside the new one."""
    async with played.home.databases[service].read() as session:
        cycle = await get_copy(session, CycleState.RESOURCE, thing.cycle_id)
        kept = [
            await get_copy(session, PackRevisionState.RESOURCE, revision_id(thing.cycle_id, number))
            for number in (1, 2)
        ]
    return cycle is not None and cycle.data["revision"] == 2 and None not in kept
