"""Incidents of financial discipline over HTTP: who records them, whom they concern, who reads them."""

import json
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from shared.events.means import DisciplineIncidentRecorded
from shared.outbox import outbox
from tests.registry.test_pack_revisions import corrected, revise
from tests.support.evaluations import NEXT, load_next
from tests.support.fund_world import filed_class, funds
from tests.support.registry_world import CYCLE, EARLIER, World, problem

PATH = "/v1/discipline-incidents"
WORDS = "以培训名义支付会议接待费用"


async def record(world: World, by: str = "人才交流中心", **changes: Any) -> httpx.Response:
    body = {
        "cycle_id": CYCLE,
        "words": WORDS,
        "occurred_on": "2022-10-20",
        "decision_reference": "人才函〔2022〕9号",
        **changes,
    }
    return await world.act("POST", PATH, body, by=by)


async def recorded(world: World, **changes: Any) -> dict[str, Any]:
    answer = await record(world, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def seen_by(world: World, by: str, query: str = "") -> list[str]:
    answer = await world.act("GET", PATH + query, by=by)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


@pytest.mark.clause("C33", "Q17")
async def test_an_incident_is_recorded_by_whom_the_pack_names_and_read_by_whom_it_concerns(designated: World):
    class_id = await filed_class(designated)
    of_class = await recorded(designated, class_id=class_id)
    assert (of_class["organisation_id"], of_class["words"]) == (designated.ids["甲大学"], WORDS)
    other = await recorded(designated, organisation_id=designated.ids["乙大学"])
    assert other["class_id"] is None
    both = [of_class["id"], other["id"]]
    assert {
        by: await seen_by(designated, by) for by in ("部中小企业局", "人才交流中心", "甲大学", "乙大学")
    } == {
        "部中小企业局": both,
        "人才交流中心": both,
        "甲大学": both[:1],
        "乙大学": both[1:],
    }
    for by in ("发展促进中心", "浙江省主管部门", "operator"):
        assert await seen_by(designated, by) == []
        unseen = await designated.act("GET", f"{PATH}/{other['id']}", by=by)
        assert problem(unseen, 404) == "incident-unknown"
    assert await seen_by(designated, "部中小企业局", f"?class_id={class_id}") == both[:1]
    own = await designated.act("GET", f"{PATH}/{other['id']}", by="乙大学")
    assert own.json()["decision_reference"] == "人才函〔2022〕9号"
    for by in ("部中小企业局", "甲大学"):
        refused = await record(designated, by, organisation_id=designated.ids["乙大学"])
        assert problem(refused, 403) == "act-not-held"


@pytest.mark.clause("C33")
async def test_an_incident_is_stated_without_its_words_to_whom_it_concerns(designated: World):
    made = await recorded(designated, organisation_id=designated.ids["乙大学"])
    (told,) = await designated.stated("registry.discipline_incident")
    assert set(told["audience"].split()) == {
        f"org:{designated.ids['乙大学']}",
        f"act:{CYCLE}/record_discipline",
    }
    facts = select(outbox.c.body).where(outbox.c.type == DisciplineIncidentRecorded.TYPE)
    async with designated.database.read() as session:
        (fact,) = [json.loads(body) for body in await session.scalars(facts)]
    assert fact["data"]["incident_id"] == made["id"]
    assert WORDS not in str([told, fact])


@pytest.mark.clause("C33")
async def test_an_incident_that_should_not_have_been_recorded_is_withdrawn_and_stays(designated: World):
    made = await recorded(designated, organisation_id=designated.ids["乙大学"])
    path = f"{PATH}/{made['id']}/withdrawal"
    assert problem(await designated.act("POST", path, {"reason": "误记"}, by="乙大学"), 403) == "act-not-held"
    unseen = await designated.act("POST", path, {"reason": "误记"}, by="甲大学")
    assert problem(unseen, 404) == "incident-unknown"
    stale = await designated.act("POST", path, {"reason": "误记"}, by="人才交流中心", if_match='"7"')
    assert problem(stale, 412) == "version-conflict"
    gone = await designated.act("POST", path, {"reason": "误记"}, by="人才交流中心")
    assert (gone.json()["status"], gone.json()["withdrawal_reason"]) == ("withdrawn", "误记")
    again = await designated.act("POST", path, {"reason": "误记"}, by="人才交流中心")
    assert problem(again, 409) == "incident-withdrawn"
    assert await seen_by(designated, "乙大学") == [made["id"]]
    states = await designated.stated("registry.discipline_incident")
    assert [(one["aggregateversion"], one["data"]["status"]) for one in states] == [
        (1, "recorded"),
        (2, "withdrawn"),
    ]


@pytest.mark.clause("C33")
async def test_an_incident_has_happened_and_is_of_its_cycle(designated: World):
    class_id = await filed_class(designated)
    ahead = await record(designated, class_id=class_id, occurred_on="2022-11-02")
    assert problem(ahead, 422) == "incident-ahead"
    both = await record(designated, class_id=class_id, organisation_id=designated.ids["甲大学"])
    assert problem(both, 422) == "invalid-request"
    nowhere = await record(designated, class_id=designated.ids["甲大学"])
    assert problem(nowhere, 404) == "class-unknown"
    nobody = await record(designated, organisation_id=class_id)
    assert problem(nobody, 404) == "organisation-unknown"
    earlier = await record(designated, cycle_id=EARLIER, class_id=class_id)
    assert problem(earlier, 403) == "act-not-held"


@pytest.mark.clause("C33")
async def test_a_cycle_that_keeps_no_record_takes_no_incident(designated: World):
    unkept = {"kept": False, "source": "N2022 三(二)"}
    await revise(designated, corrected(funds=funds(discipline=unkept)))
    refused = await record(designated, organisation_id=designated.ids["甲大学"])
    assert problem(refused, 422) == "concept-absent"


@pytest.mark.clause("C33")
async def test_a_class_of_another_cycle_is_named(designated: World):
    class_id = await filed_class(designated)
    await load_next(designated, active=True)
    other = await record(designated, cycle_id=NEXT, class_id=class_id)
    assert problem(other, 422) == "class-of-other-cycle"
