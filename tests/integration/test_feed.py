"""The change feed: one order, each reader what concerns it, from any cursor to the same end."""

import base64
import json
import re
from collections.abc import Collection

import pytest
from sqlalchemy import event, insert, text

from services.integration import queries
from services.integration.domain import Scope
from services.integration.feed import number_changes
from services.integration.models import change_terms
from shared.events.envelope import state
from shared.ids import new_id
from tests.integration.stage import Stage, office
from tests.support.enrollment_world import load
from tests.support.events import NOW

CYCLE = "miit-sme-leaders.2022-2023"


async def test_what_is_public_is_told_to_everybody_who_is_signed_in(stage: Stage):
    await stage.tell(office("one"), "public")
    for kind in ("operator", "department", "institution", "evaluator", "bureau"):
        assert len(await stage.reader(kind).read()) == 1


async def test_a_stranger_without_a_token_is_told_nothing(stage: Stage):
    answer = await stage.reader("anonymous", principal="anonymous").http.get("/v1/changes")
    assert answer.status_code == 401


async def test_a_change_shows_the_resource_as_it_is_after_it(stage: Stage):
    body = office("one")
    await stage.tell(body, "public")
    reader = stage.reader("department")
    await reader.read()
    (item,) = reader.told
    assert (item["change"], item["entered"], item["version"]) == ("upsert", True, 1)
    assert (item["resource"], item["id"]) == ("registry.office", body.id)
    assert item["data"] == body.model_dump(mode="json")


async def test_who_is_not_meant_is_told_nothing_and_the_bureau_everything(stage: Stage):
    await stage.tell(office("one"), "org:zhejiang")
    await stage.tell(office("two"))
    assert len(await stage.reader("department", "zhejiang").read()) == 1
    assert await stage.reader("department", "ningbo").read() == {}
    assert await stage.reader("evaluator").read() == {}
    assert len(await stage.reader("bureau").read()) == 2


async def test_what_comes_into_sight_enters_and_what_leaves_it_exits(stage: Stage):
    body = office("one")
    ningbo, zhejiang = stage.reader("department", "ningbo"), stage.reader("department", "zhejiang")
    for audience in (["org:zhejiang"], ["org:ningbo"], ["org:ningbo", "kind:operator"]):
        await stage.tell(body, *audience)
    assert list((await ningbo.read()).values()) == [3]
    assert await zhejiang.read() == {}
    assert [(one["change"], one["entered"]) for one in ningbo.told] == [("upsert", True), ("upsert", False)]
    assert [(one["change"], one["version"]) for one in zhejiang.told] == [("upsert", 1), ("exit", 2)]


async def test_who_changes_from_one_reason_to_see_it_to_another_is_not_told_that_it_entered(stage: Stage):
    body = office("one")
    await stage.tell(body, "org:centre")
    await stage.tell(body, "kind:talent_exchange_centre")
    reader = stage.reader("talent_exchange_centre", "centre")
    await reader.read()
    assert [one["entered"] for one in reader.told] == [True, False]


async def test_an_act_of_the_pack_opens_what_is_meant_for_its_holders(stage: Stage):
    await stage.activate(load("2022-2023"))
    await stage.tell(office("one"), f"act:{CYCLE}/review_rosters")
    await stage.tell(office("two"), "act:*/track")
    assert len(await stage.reader("talent_exchange_centre").read()) == 3
    assert len(await stage.reader("institution").read()) == 1


async def test_a_cursor_is_good_until_a_pack_changes_what_its_reader_sees(stage: Stage):
    await stage.tell(office("one"), "act:*/track")
    centre, institution = stage.reader("talent_exchange_centre"), stage.reader("institution")
    assert await centre.read() == await institution.read() == {}
    await stage.activate(load("2022-2023"))
    assert centre.cursor is not None
    assert await centre.refused(centre.cursor) == (410, "feed-scope-changed")
    assert len(await institution.read()) == 1
    centre.cursor = None
    assert len(await centre.read()) == 2


@pytest.mark.parametrize("cursor", ["", "!", "WzFd", "bnVsbA", "WzEsMl0", "WzEsMiwzXQ", "A" * 500, "e30"])
async def test_what_is_no_cursor_is_refused(stage: Stage, cursor: str):
    assert await stage.reader("bureau").refused(cursor) == (400, "cursor-malformed")


async def test_a_cursor_of_another_reader_is_not_taken(stage: Stage):
    reader = stage.reader("department", "zhejiang")
    await reader.page()
    assert reader.cursor is not None
    for other in (stage.reader("department", "ningbo"), stage.reader("bureau")):
        assert await other.refused(reader.cursor) == (400, "cursor-malformed")


@pytest.mark.parametrize(("number", "status"), [(-1, 400), (1.0, 400), (2**63 - 1, 200), (2**63, 400)])
async def test_a_cursor_holds_a_number_that_the_database_can_look_for(
    stage: Stage, number: float, status: int
):
    await stage.tell(office("one"), "public")
    for reader in (stage.reader("department", "zhejiang"), stage.reader("bureau")):
        await reader.page()
        _, *rest = json.loads(base64.urlsafe_b64decode(f"{reader.cursor}=="))
        forged = base64.urlsafe_b64encode(json.dumps([number, *rest]).encode()).decode().rstrip("=")
        answer = await reader.http.get("/v1/changes", params={"after": forged})
        assert answer.status_code == status
        assert status == 400 or answer.json()["items"] == []


async def test_clients_of_an_organisation_share_cursors_unless_an_office_parts_them(stage: Stage):
    await stage.activate(load("2019-2020"))
    plain, same = (stage.reader("talent_exchange_centre", "centre") for _ in range(2))
    office_too = stage.reader("talent_exchange_centre", "centre", offices=["coordination_office"])
    await plain.read()
    same.cursor = plain.cursor
    assert not await same.page()
    assert plain.cursor is not None
    assert await office_too.refused(plain.cursor) == (410, "feed-scope-changed")


async def test_an_older_state_that_arrives_late_changes_nothing(stage: Stage):
    body = office("one")
    first, second = stage.stated(body, "public"), stage.stated(body, "public")
    await stage.hear(second)
    await stage.hear(first, second)
    reader = stage.reader("department")
    assert list((await reader.read()).values()) == [2]
    assert len(reader.told) == 1


async def test_a_change_that_is_not_numbered_yet_is_not_shown(stage: Stage):
    readers = [stage.reader("department"), stage.reader("bureau")]
    await stage.bring(stage.stated(office("one"), "public"))
    for reader in readers:
        assert await reader.read() == {}
    await number_changes(stage.database)
    for reader in readers:
        assert len(await reader.read()) == 1


async def test_a_cursor_stays_as_it_is_under_an_empty_page(stage: Stage):
    await stage.tell(office("one"), "public")
    reader = stage.reader("department")
    await reader.read()
    cursor = reader.cursor
    assert not await reader.page()
    assert reader.cursor == cursor
    await stage.tell(office("two"), "public")
    assert len(await reader.read()) == 2


async def test_a_drafted_pack_opens_nothing_to_anybody(stage: Stage):
    await stage.activate(load("2022-2023"), "draft")
    await stage.tell(office("one"), f"act:{CYCLE}/track")
    await stage.tell(office("two"), "act:*/track")
    assert {one for one, _ in await stage.reader("talent_exchange_centre").read()} == {"registry.cycle"}
    await stage.activate(load("2022-2023"))
    assert len(await stage.reader("talent_exchange_centre").read()) == 3


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_of_every_size_and_from_every_cursor_come_to_the_same_end(stage: Stage, limit: int):
    bodies = [office(f"one {place}") for place in range(6)]
    for turn in range(4):
        audiences = ["public" if (place + turn) % 3 else f"org:{turn}" for place in range(6)]
        await stage.hear(
            *(stage.stated(body, audience) for body, audience in zip(bodies, audiences, strict=True))
        )
    for reader in (stage.reader("institution", "2"), stage.reader("bureau")):
        end = dict(await reader.read(limit))
        for place in range(len(reader.remembered)):
            assert await reader.again_from(place).read(limit) == end
    assert len(end) == 6


async def test_a_page_costs_the_same_statements_however_much_there_is(stage: Stage):
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    async def count() -> int:
        statements.clear()
        await stage.reader("department", "zhejiang").page(10)
        return len([one for one in statements if "SELECT" in one])

    engine = stage.database._reader.sync_engine
    await stage.tell(office("first"), "org:zhejiang")
    event.listen(engine, "before_cursor_execute", note)
    few = await count()
    await stage.hear(
        *(
            state(office("more", new_id()), version=1, at=NOW, audience=["org:zhejiang", "public"])
            for _ in range(300)
        )
    )
    assert await count() == few


async def test_a_reader_of_very_many_cycles_gets_its_page(stage: Stage):
    for name, cycle in (("one", "c.0"), ("two", "c.998"), ("three", "c.1000")):
        await stage.tell(office(name), f"act:{cycle}/track")
    scope = Scope("many", frozenset(f"act:c.{place}/track" for place in range(1000)))
    async with stage.database.read() as session:
        found = await queries._find(session, scope, 0, 10)
    assert [row.data["code"] for row in found] == ["one", "two"]


async def test_a_page_is_found_by_the_index_of_terms_alone(stage: Stage):
    """Of a long feed that everybody sees, an institution alone sees one change in a hundred more."""
    rows = [{"term": "public", "number": place} for place in range(1, 5001)]
    rows += [{"term": "org:first", "number": place} for place in range(1, 5001, 100)]
    async with stage.database.write() as session:
        await session.execute(insert(change_terms), rows)
    async with stage.database.write() as session:
        await session.execute(text("ANALYZE"))
    plan = await _plan_of(stage, {"public", "org:first", "kind:institution"})
    assert not [line for line in plan if re.search("SCAN change|Scan on change_terms", line)], plan
    ranges = [line for line in plan if re.search(r"SEARCH change_terms .*term=|using pk_change_terms", line)]
    assert len(ranges) == 3, plan


async def _plan_of(stage: Stage, terms: Collection[str]) -> list[str]:
    """Ask the database how it would find a page for who answers to these terms."""
    named = {f"term_{place}": term for place, term in enumerate(sorted(terms))}
    asked = queries._found(len(named)).params({"start": 4000, "most": 100} | named)
    dialect = stage.database._reader.sync_engine.dialect
    statement = asked.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if stage.database.dialect == "sqlite" else "EXPLAIN"
    async with stage.database.read() as session:
        connection = await session.connection()
        rows = await connection.run_sync(lambda sync: sync.exec_driver_sql(f"{explain} {statement}").all())
        return [" ".join(str(value) for value in row) for row in rows]
