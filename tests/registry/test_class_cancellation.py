"""A class is cancelled as it was shown: what goes with it is told before, and nothing else is cancelled."""

import asyncio
from datetime import datetime
from typing import Any

import pytest

from tests.registry.test_class_revisions import proposed
from tests.registry.test_classes import FIRST_DAY
from tests.registry.test_heads import roster
from tests.registry.test_pack_revisions import corrected, revise
from tests.support.evaluations import hear
from tests.support.registry_world import NOW, World, approved, cancel, drafted, problem, step

SAID = {"cause": "place_unavailable", "reason": "场地检修"}


async def preview(world: World, class_id: str, by: str = "甲大学", now: datetime = NOW) -> dict[str, Any]:
    answer = await world.act("GET", f"/v1/classes/{class_id}/cancellation", by=by, now=now)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    return answer.json()


@pytest.mark.clause("C06")
async def test_who_may_cancel_a_class_is_shown_which_heads_and_floors_go_with_it(designated: World):
    assert (await revise(designated, corrected(floor=5))).status_code == 201
    class_id, other = await approved(designated), await approved(designated)
    await hear(designated, roster(class_id, 3), roster(other, 4))
    shown = await preview(designated, class_id)
    assert (shown["approved_heads"], shown["counts_toward_target"], shown["heads_lost"]) == (3, True, 3)
    assert (shown["seats"], shown["days_to_start"], shown["planned_minutes"]) == (60, 70, 1200)
    (floor,) = shown["floors"]
    assert (floor["min_persons"], floor["heads"], floor["heads_after"]) == (5, 7, 4)
    assert floor["falls_below"]
    assert shown["organisation_ids"] == [designated.ids["甲大学"]]
    assert {"code": "too_few_trainees", "zh": "生源不足", "en": "too few trainees"} in shown["causes"]
    began = await preview(designated, class_id, now=FIRST_DAY)
    assert began["days_to_start"] == 0


@pytest.mark.clause("C26")
async def test_a_class_that_adds_no_heads_takes_none_from_the_floors(designated: World):
    class_id = await approved(designated, "人才交流中心", kind="boot_camp", institution_ids=[])
    await hear(designated, roster(class_id, 3))
    shown = await preview(designated, class_id, "人才交流中心")
    assert (shown["approved_heads"], shown["counts_toward_target"], shown["heads_lost"]) == (3, False, 0)
    assert [(one["heads"], one["heads_after"]) for one in shown["floors"]] == [(0, 0)]


async def test_nobody_cancels_something_else_than_was_shown(designated: World):
    class_id = await approved(designated)
    path = "cancellation"
    blind = await step(designated, class_id, path, "甲大学", SAID)
    assert problem(blind, 428) == "cancellation-unseen"
    version = (await preview(designated, class_id))["version"]
    await hear(designated, roster(class_id, 3))
    late = await step(designated, class_id, path, "甲大学", SAID, If_Match=f'"{version}"')
    assert problem(late, 412) == "version-conflict"

    version = (await preview(designated, class_id))["version"]
    revision_id = await proposed(designated, class_id, capacity=70)
    pending = await step(designated, class_id, path, "甲大学", SAID, If_Match=f'"{version}"')
    assert problem(pending, 412) == "version-conflict"
    shown = await preview(designated, class_id)
    assert shown["pending_revision_id"] == revision_id
    done = await step(designated, class_id, path, "甲大学", SAID, If_Match=f'"{shown["version"]}"')
    assert (done.json()["status"], done.json()["cancelled_for"]) == ("cancelled", "place_unavailable")
    assert (done.json()["reason"], done.json()["cancelled_at"]) == ("场地检修", "2022-11-01T02:00:00Z")
    (told,) = await designated.told("registry.class_cancelled.v1")
    assert told["data"] == {"class_id": class_id, "cause": "place_unavailable", "heads": 3}
    assert told["needs"] == f"registry.class/{class_id}@{done.json()['version']}"
    last = (await designated.stated("registry.class"))[-1]["data"]
    assert (last["status"], last["cancelled_for"]) == ("cancelled", "place_unavailable")
    over = await designated.act("GET", f"/v1/classes/{class_id}/cancellation", by="甲大学")
    assert problem(over, 409) == "class-state-forbids"


async def test_a_class_cancelled_many_times_at_once_is_cancelled_once(designated: World):
    class_id = await approved(designated)
    answers = await asyncio.gather(*(cancel(designated, class_id, "甲大学") for _ in range(8)))
    assert [answer.status_code for answer in answers].count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 409, 412}
    assert len(await designated.told("registry.class_cancelled.v1")) == 1


async def test_what_a_cancellation_would_do_is_shown_to_nobody_who_may_not_cancel(designated: World):
    hidden, filed = await drafted(designated), await approved(designated)
    for class_id, by, status, kind in (
        (hidden, "乙大学", 404, "class-unknown"),
        (filed, "乙大学", 403, "class-of-others"),
        (filed, "浙江省主管部门", 403, "class-of-others"),
        ("01890a5d-ac96-774b-bcce-b302099a8057", "甲大学", 404, "class-unknown"),
    ):
        answer = await designated.act("GET", f"/v1/classes/{class_id}/cancellation", by=by)
        assert problem(answer, status) == kind
    assert (await preview(designated, filed, "人才交流中心"))["status"] == "approved"
