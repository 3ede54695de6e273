"""News over HTTP: who tells it of what, who sees it when, and how it reaches the public (C24)."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.support.registry_world import CYCLE, EARLIER, NOW, World, approved, cancel, drafted, problem

BUREAU, CENTRE, LEAD = "部中小企业局", "人才交流中心", "甲大学"
WORDS = {"title_zh": "开班通知", "text_zh": "定于三月开班。\n请各地准备。"}


async def draft(world: World, by: str = BUREAU, **changes: Any) -> httpx.Response:
    subject = {} if "class_id" in changes else {"cycle_id": CYCLE}
    return await world.act("POST", "/v1/news", {**WORDS, **subject, **changes}, by=by)


async def published(world: World, by: str = BUREAU, **changes: Any) -> dict[str, Any]:
    made = await draft(world, by, **changes)
    assert made.status_code == 201, made.text
    answer = await world.act("POST", f"/v1/news/{made.json()['id']}/publication", {}, by=by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def withdraw(world: World, news_id: str, by: str = BUREAU, **given: Any) -> httpx.Response:
    return await world.act("POST", f"/v1/news/{news_id}/withdrawal", {"reason": "有误"}, by=by, **given)


async def listed(world: World, by: str, query: str = "") -> list[str]:
    answer = await world.act("GET", f"/v1/news{query}", by=by)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


async def public(world: World, query: str = "") -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/catalogue/news{query}", by="anonymous")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


@pytest.mark.clause("C17", "C24")
async def test_news_is_seen_by_everybody_from_its_publication_to_its_withdrawal(world: World):
    made = (await draft(world, CENTRE)).json()
    assert (made["status"], made["published_at"], made["version"]) == ("draft", None, 1)
    path = f"/v1/news/{made['id']}"
    assert problem(await world.act("GET", path, by=LEAD), 404) == "news-unknown"
    assert await public(world) == []
    assert await listed(world, CENTRE) == await listed(world, BUREAU) == [made["id"]]
    assert await listed(world, LEAD) == []

    shown = await world.act("POST", f"{path}/publication", {}, by=CENTRE, now=NOW + timedelta(hours=1))
    (told,) = await public(world)
    assert (told["title_zh"], told["author"]["name_zh"], told["class_id"]) == ("开班通知", CENTRE, None)
    assert told["published_at"] == told["updated_at"] == "2022-11-01T03:00:00Z"
    assert (await world.act("GET", path, by=LEAD)).json() == shown.json()

    assert (await withdraw(world, made["id"], CENTRE)).json()["reason"] == "有误"
    assert await public(world) == []
    assert problem(await world.act("GET", path, by=LEAD), 404) == "news-unknown"
    stated = await world.stated("registry.news")
    own = f"org:{world.ids[CENTRE]}"
    assert [(one["aggregateversion"], one["audience"]) for one in stated] == [
        (1, own),
        (2, "public"),
        (3, own),
    ]
    assert stated[1]["data"].items() <= shown.json().items()


@pytest.mark.clause("C24")
async def test_news_of_a_class_is_told_by_its_lead_once_it_is_approved(designated: World):
    early = await drafted(designated)
    assert problem(await draft(designated, LEAD, class_id=early), 409) == "class-not-held"
    class_id = await approved(designated)
    for by in (BUREAU, CENTRE, "乙大学"):
        assert problem(await draft(designated, by, class_id=class_id), 403) == "class-of-others"
    news = await published(designated, LEAD, class_id=class_id)
    assert (news["cycle_id"], news["class_id"]) == (CYCLE, class_id)
    whole = await published(designated)
    assert [one["id"] for one in await public(designated)] == [whole["id"], news["id"]]
    cases: list[tuple[str, list[str]]] = [
        (f"class_id={class_id}", [news["id"]]),
        (f"cycle_id={CYCLE}", [whole["id"], news["id"]]),
        (f"cycle_id={EARLIER}", []),
        ("limit=1", [whole["id"]]),
    ]
    for query, found in cases:
        assert [one["id"] for one in await public(designated, f"?{query}")] == found, query
        if "limit" not in query:
            assert sorted(await listed(designated, "乙大学", f"?{query}")) == sorted(found)


@pytest.mark.clause("C24")
async def test_news_of_a_class_that_was_called_off_meanwhile_is_not_published(designated: World):
    class_id = await approved(designated)
    news = (await draft(designated, LEAD, class_id=class_id)).json()
    assert (await cancel(designated, class_id, LEAD)).status_code == 200
    refused = await designated.act("POST", f"/v1/news/{news['id']}/publication", {}, by=LEAD)
    assert problem(refused, 409) == "class-not-held"


async def test_news_of_a_cycle_is_told_by_bureau_and_talent_exchange_centre_alone(world: World):
    for by in (LEAD, "浙江省主管部门", "发展促进中心", "operator"):
        assert problem(await draft(world, by), 403) == "caller-not-allowed"
    unknown = await draft(world, cycle_id="miit-sme-leaders.none")
    assert problem(unknown, 404) == "cycle-unknown"
    both = {**WORDS, "cycle_id": CYCLE, "class_id": "0187e5a0-0000-7000-8000-000000000099"}
    for body in (WORDS, both):
        assert problem(await world.act("POST", "/v1/news", body), 422) == "invalid-request"


async def test_only_who_tells_news_changes_it_and_the_bureau_may_withdraw_it(world: World):
    news = await published(world, CENTRE)
    path = f"/v1/news/{news['id']}"
    for by in (BUREAU, LEAD):
        assert problem(await world.act("PUT", path, WORDS, by=by), 403) == "news-of-others"
    assert problem(await withdraw(world, news["id"], LEAD), 403) == "news-of-others"
    assert (await withdraw(world, news["id"], BUREAU)).json()["status"] == "withdrawn"


async def test_a_step_that_the_status_forbids_is_refused_by_name(world: World):
    news = await published(world)
    path = f"/v1/news/{news['id']}"
    again = await world.act("POST", f"{path}/publication", {})
    assert problem(again, 409) == "news-state-forbids"
    assert problem(await withdraw(world, news["id"], If_Match='"1"'), 412) == "version-conflict"
    await withdraw(world, news["id"])
    assert problem(await world.act("PUT", path, WORDS), 409) == "news-state-forbids"
    assert problem(await withdraw(world, news["id"]), 409) == "news-state-forbids"


async def test_a_correction_shows_new_words_under_the_same_id(world: World):
    news = await published(world)
    changed = {**WORDS, "title_zh": "更正", "title_en": "Correction"}
    later = NOW + timedelta(days=1)
    corrected = await world.act("PUT", f"/v1/news/{news['id']}", changed, now=later)
    assert corrected.status_code == 200
    (told,) = await public(world)
    assert (told["id"], told["title_zh"], told["title_en"]) == (news["id"], "更正", "Correction")
    assert told["published_at"] == news["published_at"]
    assert told["updated_at"] == "2022-11-02T02:00:00Z"
