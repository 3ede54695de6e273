"""The ledger of a class over HTTP: what is entered stays, and what it comes to is exact."""

import json
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from services.registry.ledgers.models import FundEntry
from shared.events.means import FundEntryPosted, FundLedgerState
from shared.outbox import outbox
from tests.support.counting import counted
from tests.support.fund_world import (
    HEADS,
    capped,
    expense,
    filed_class,
    funding,
    post,
    posted,
    reverse,
    statement,
)
from tests.support.registry_world import CYCLE, EARLIER, World, draft, drafted, problem


async def listed(world: World, class_id: str, by: str = "甲大学", query: str = "") -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/classes/{class_id}/fund-entries{query}", by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.clause("C33")
async def test_what_came_in_and_was_spent_is_listed_in_its_order_and_summed_exactly(designated: World):
    class_id = await filed_class(designated)
    await posted(
        designated,
        class_id,
        funding("central", 100_00),
        funding("other", 1),
        expense("venue", 33_33),
        expense("venue", 33_34),
        expense("other", 10**12),
    )
    entries = await listed(designated, class_id)
    assert [(one["number"], one["kind"], one["item"], one["amount_fen"]) for one in entries] == [
        (1, "funding", "central", 10000),
        (2, "funding", "other", 1),
        (3, "expense", "venue", 3333),
        (4, "expense", "venue", 3334),
        (5, "expense", "other", 10**12),
    ]
    assert {(one["revision"], one["posted_by"]) for one in entries} == {(1, designated.ids["甲大学"])}
    first = (await designated.act("GET", f"/v1/classes/{class_id}/fund-entries?limit=3")).json()
    rest = await listed(designated, class_id, query=f"?after={first['next']}")
    assert [one["number"] for one in [*first["items"], *rest]] == [1, 2, 3, 4, 5]
    told = await statement(designated, class_id)
    assert (told["funded_fen"], told["spent_fen"]) == (10001, 6667 + 10**12)
    assert told["balance_fen"] == 10001 - 6667 - 10**12
    assert [(one["line"], one["zh"], one["fen"]) for one in told["funding"]] == [
        ("central", "中央财政资金", 10000),
        ("other", "其他资金", 1),
    ]
    assert [(one["category"], one["fen"]) for one in told["costs"]] == [("other", 10**12), ("venue", 6667)]


@pytest.mark.clause("C33")
async def test_a_mistake_is_reversed_once_and_stays_to_be_seen(designated: World):
    class_id = await filed_class(designated)
    kept, wrong = await posted(designated, class_id, funding(fen=500), expense(fen=300))
    reversal = await reverse(designated, class_id, wrong)
    assert reversal.status_code == 201, reversal.text
    made = reversal.json()
    assert (made["reverses_id"], made["amount_fen"], made["reason"]) == (wrong, 300, "重复登记")
    assert problem(await reverse(designated, class_id, wrong), 409) == "fund-entry-reversed"
    assert problem(await reverse(designated, class_id, made["id"]), 409) == "reversal-stands"
    other = await filed_class(designated)
    assert problem(await reverse(designated, other, kept), 404) == "fund-entry-unknown"
    assert [(one["number"], one["reversed_by_id"]) for one in await listed(designated, class_id)] == [
        (1, None),
        (2, made["id"]),
        (3, None),
    ]
    told = await statement(designated, class_id)
    assert (told["funded_fen"], told["spent_fen"], told["balance_fen"]) == (500, 0, 500)


@pytest.mark.clause("C33")
async def test_the_database_itself_keeps_an_entry_from_being_changed_or_deleted(designated: World):
    class_id = await filed_class(designated)
    await posted(designated, class_id, expense())
    for change in (update(FundEntry).values(amount_fen=1), delete(FundEntry)):
        with pytest.raises(DBAPIError, match="an entry of a ledger never"):
            async with designated.database.write() as session:
                await session.execute(change)
    assert [one["amount_fen"] for one in await listed(designated, class_id)] == [10000]


@pytest.mark.clause("C33")
async def test_lead_and_filer_write_and_parties_bureau_and_trackers_read(designated: World):
    partner = {"organisation_id": designated.ids["丁服务机构"], "kind": "service_body"}
    class_id = await filed_class(
        designated,
        "人才交流中心",
        kind="special_topic",
        special_topic="digital_empowerment",
        institution_ids=[],
        co_organisers=[partner],
    )
    await posted(designated, class_id, funding(), by="人才交流中心")
    for by in ("丁服务机构", "部中小企业局", "乙大学", "浙江省主管部门", "operator"):
        assert problem(await post(designated, class_id, funding(), by), 403) == "class-of-others"
    path = f"/v1/classes/{class_id}"
    for by in ("人才交流中心", "丁服务机构", "部中小企业局"):
        assert len(await listed(designated, class_id, by)) == 1
        ledgers = await designated.act("GET", f"/v1/fund-ledgers?cycle_id={CYCLE}", by=by)
        assert [(one["id"], one["balance_fen"]) for one in ledgers.json()["items"]] == [(class_id, 10000)]
    for by in ("乙大学", "浙江省主管部门", "operator"):
        for read in ("fund-entries", "fund-statement", "fund-statement/workbook"):
            assert problem(await designated.act("GET", f"{path}/{read}", by=by), 403) == "class-of-others"
        assert (await designated.act("GET", "/v1/fund-ledgers", by=by)).json()["items"] == []
    assert problem(await designated.act("GET", f"{path}/fund-entries", by="anonymous"), 401)


@pytest.mark.clause("C33")
async def test_who_joins_or_leaves_a_class_is_told_its_ledger_or_no_more(designated: World):
    class_id = await filed_class(designated)
    await posted(designated, class_id, funding())
    back = await designated.act("POST", f"/v1/classes/{class_id}/return", {"reason": "改"}, by="人才交流中心")
    assert back.status_code == 200, back.text
    given = draft(designated, institution_ids=[designated.ids["甲大学"], designated.ids["乙大学"]])
    facts = {name: value for name, value in given.items() if name != "cycle_id"}
    revised = await designated.act("PUT", f"/v1/classes/{class_id}", facts, by="甲大学")
    assert revised.status_code == 200, revised.text
    told = await designated.stated("registry.fund_ledger")
    lead, joined, track = designated.ids["甲大学"], designated.ids["乙大学"], f"act:{CYCLE}/track"
    assert [(one["aggregateversion"], set(one["audience"].split())) for one in told] == [
        (1, {f"org:{lead}", track}),
        (2, {f"org:{lead}", f"org:{joined}", track}),
    ]
    assert len(await listed(designated, class_id, "乙大学")) == 1


@pytest.mark.clause("C33")
async def test_a_cycle_without_a_ledger_takes_no_entry_and_shows_none(world: World):
    class_id = await drafted(world, "浙江省主管部门", cycle_id=EARLIER, kind="region", arrangement="joint")
    refused = await post(world, class_id, funding(), "浙江省主管部门")
    assert problem(refused, 422) == "concept-absent"
    for read in ("fund-entries", "fund-statement", "fund-statement/workbook"):
        shown = await world.act("GET", f"/v1/classes/{class_id}/{read}", by="浙江省主管部门")
        assert problem(shown, 422) == "concept-absent"
    summed = await world.act("GET", f"/v1/fund-ledgers/summary?cycle_id={EARLIER}")
    assert problem(summed, 422) == "concept-absent"


@pytest.mark.clause("C30")
async def test_local_support_says_who_gave_it_and_the_ministry_sees_it_in_sum(designated: World):
    first, second = await filed_class(designated), await filed_class(designated)
    silent = await post(designated, first, funding("local_support", 700))
    assert problem(silent, 422) == "fund-source-missing"
    await posted(designated, first, funding("local_support", 700, source="浙江省财政厅"), expense(fen=50))
    (wrong,) = await posted(designated, second, funding("local_support", 300, source="宁波市财政局"))
    told = await statement(designated, first)
    assert told["local_support"] == {"level": "encouraged", "fen": 700, "missing": False}
    path = f"/v1/fund-ledgers/summary?cycle_id={CYCLE}"
    for by in ("部中小企业局", "人才交流中心"):
        assert (await designated.act("GET", path, by=by)).json() == {
            "cycle_id": CYCLE,
            "classes": 2,
            "funded_fen": {"local_support": 1000},
            "spent_fen": {"venue": 50},
            "supported_classes": 2,
        }
    await reverse(designated, second, wrong)
    assert (await designated.act("GET", path)).json()["supported_classes"] == 1
    assert problem(await designated.act("GET", path, by="甲大学"), 403) == "act-not-held"


@pytest.mark.clause("C30")
@pytest.mark.parametrize(
    ("changes", "line", "refused"),
    [
        ({}, "tuition", True),
        ({"fees": {"charged": "free", "source": "N2022 三(二)"}}, "tuition", True),
        ({"fees": {"charged": "open", "source": "N2022 三(二)"}}, "tuition", False),
        ({"local_support": {"level": "none", "source": "N2022 三(三)"}}, "local_support", True),
        ({"local_support": {"level": "required", "source": "N2022 三(三)"}}, "local_support", False),
    ],
)
async def test_fees_and_local_support_come_in_where_the_pack_has_them(
    designated: World, changes: dict[str, Any], line: str, refused: bool
):
    await capped(designated, **changes)
    class_id = await filed_class(designated)
    answer = await post(designated, class_id, funding(line, source="某财政局"))
    if refused:
        assert problem(answer, 422) == "concept-absent"
    else:
        assert answer.status_code == 201, answer.text


@pytest.mark.clause("C30")
async def test_support_that_the_pack_requires_is_missed_in_the_statement(designated: World):
    await capped(designated, local_support={"level": "required", "source": "N2022 三(三)"})
    class_id = await filed_class(designated)
    assert (await statement(designated, class_id))["local_support"]["missing"] is True
    await posted(designated, class_id, funding("local_support", 1, source="某财政局"))
    assert (await statement(designated, class_id))["local_support"]["missing"] is False


@pytest.mark.clause("C33")
async def test_an_entry_is_dated_by_a_day_that_has_begun_and_is_one_of_two_kinds(designated: World):
    class_id = await filed_class(designated)
    ahead = await post(designated, class_id, expense(dated_on="2022-11-02"))
    assert problem(ahead, 422) == "entry-dated-ahead"
    both = {**expense(), "funding": {"line": "central"}}
    neither = {name: value for name, value in expense().items() if name != "expense"}
    for body in (both, neither, expense(fen=0), expense(fen=-1)):
        assert problem(await post(designated, class_id, body), 422) == "invalid-request"
    unknown = await post(designated, class_id, expense("banquet"))
    assert problem(unknown, 422) == "concept-absent"
    draft_id = await drafted(designated)
    assert problem(await post(designated, draft_id, funding()), 409) == "class-state-forbids"
    assert problem(await post(designated, draft_id, funding(), "乙大学"), 404) == "class-unknown"


@pytest.mark.clause("C33")
async def test_an_entry_is_told_as_a_fact_and_the_ledger_with_its_sums(designated: World):
    class_id = await filed_class(designated, heads=HEADS)
    await posted(designated, class_id, funding(fen=900), expense(fen=100, justification="计划外场地"))
    told = (await designated.stated("registry.fund_ledger"))[-1]
    assert told["data"] == {
        "id": class_id,
        "cycle_id": CYCLE,
        "entries": 2,
        "funded_fen": {"central": 900},
        "spent_fen": {"venue": 100},
    }
    facts = select(outbox.c.body).where(outbox.c.type == FundEntryPosted.TYPE).order_by(outbox.c.position)
    async with designated.database.read() as session:
        events = [json.loads(body) for body in await session.scalars(facts)]
    assert [event["subject"] for event in events] == [f"registry.fund_ledger/{class_id}"] * 2
    entry = events[1]["data"]
    assert (entry["number"], entry["item"], entry["amount_fen"]) == (2, "venue", 100)
    assert entry["exceeded"] == ["unplanned"]
    assert "计划外场地" not in str([told, *events])


async def test_what_a_list_of_ledgers_or_entries_costs_does_not_depend_on_how_many_there_are(
    designated: World,
):
    class_id = await filed_class(designated)
    await posted(designated, class_id, funding())
    paths = (
        "/v1/fund-ledgers",
        f"/v1/classes/{class_id}/fund-entries",
        f"/v1/classes/{class_id}/fund-statement",
    )

    async def cost(path: str) -> int:
        with counted(designated.database, FundLedgerState) as found:
            answer = await designated.act("GET", path, by="甲大学")
        assert answer.status_code == 200
        return found.statements

    before = [await cost(path) for path in paths]
    for _ in range(3):
        other = await filed_class(designated)
        await posted(designated, other, funding())
        await posted(designated, class_id, expense(), expense("meals"))
    assert [await cost(path) for path in paths] == before
