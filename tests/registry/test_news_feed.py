"""The public news as a cacheable answer and as an Atom feed that a reader of feeds can take (C17, C24)."""

from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest

from tests.registry.test_news import BUREAU, CENTRE, LEAD, WORDS, published, withdraw
from tests.support.registry_world import CYCLE, EARLIER, NOW, World, approved

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
FEED = "/v1/catalogue/news.atom"


async def ask(world: World, query: str = "", path: str = FEED, **headers: Any) -> httpx.Response:
    return await world.act("GET", f"{path}{query}", by="anonymous", **headers)


async def feed(world: World, query: str = "") -> ET.Element:
    answer = await ask(world, query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    assert root.tag == f"{ATOM}feed"
    return root


def text(node: ET.Element, tag: str) -> str:
    found = node.find(f"{ATOM}{tag}")
    assert found is not None, tag
    return found.text or ""


def ids(root: ET.Element) -> list[str]:
    return [text(entry, "id") for entry in root.iter(f"{ATOM}entry")]


@pytest.mark.clause("C17", "C24", "C44")
async def test_the_feed_has_what_every_feed_must_have(world: World):
    first = await published(world, title_zh="甲")
    second = await published(world, CENTRE, title_zh="乙")
    root = await feed(world, f"?cycle_id={CYCLE}")
    assert ids(root) == [f"urn:uuid:{one['id']}" for one in (second, first)]
    assert text(root, "title") == "全国领军人才培训 通知动态"
    assert text(root, "updated") == "2022-11-01T02:00:00Z"
    assert UUID(text(root, "id")).version == 5
    (link,) = root.findall(f"{ATOM}link")
    assert link.attrib["rel"] == "self"
    assert link.attrib["href"] == f"http://127.0.0.1:8000{FEED}?cycle_id={CYCLE}"
    for entry, by in zip(root.iter(f"{ATOM}entry"), (CENTRE, BUREAU), strict=True):
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == by
        assert text(entry, "content") == WORDS["text_zh"]
        assert text(entry, "published") == text(entry, "updated") == "2022-11-01T02:00:00Z"


async def test_what_would_be_markup_is_text_and_what_no_document_may_hold_is_left_out(world: World):
    await published(world, title_zh="<b>甲&乙</b>", text_zh="]]> <script>\uffff结束")
    (entry,) = (await feed(world)).iter(f"{ATOM}entry")
    assert text(entry, "title") == "<b>甲&乙</b>"
    assert text(entry, "content") == "]]> <script>结束"
    assert not list(entry.findall(f".//{ATOM}b"))


async def test_ids_stay_and_updated_moves_with_each_change(world: World):
    news = await published(world)
    before = await feed(world)
    later = NOW + timedelta(days=2)
    await world.act("PUT", f"/v1/news/{news['id']}", {**WORDS, "title_zh": "更正"}, now=later)
    after = await feed(world)
    assert (text(before, "id"), ids(before)) == (text(after, "id"), ids(after))
    assert text(after, "updated") == "2022-11-03T02:00:00Z"
    await withdraw(world, news["id"], now=NOW + timedelta(days=3))
    empty = await feed(world)
    assert (ids(empty), text(empty, "updated")) == ([], "2022-11-04T02:00:00Z")


@pytest.mark.clause("C24")
async def test_a_feed_is_of_a_cycle_or_a_class_and_in_either_language(designated: World):
    class_id = await approved(designated)
    english = {"title_en": "The class begins", "text_en": "In March."}
    told = await published(designated, LEAD, class_id=class_id, **english)
    plain = await published(designated)
    assert ids(await feed(designated, f"?class_id={class_id}")) == [f"urn:uuid:{told['id']}"]
    assert ids(await feed(designated, f"?cycle_id={EARLIER}")) == []
    newest, oldest = (await feed(designated, "?language=en")).iter(f"{ATOM}entry")
    assert (text(oldest, "title"), oldest.attrib[LANGUAGE]) == ("The class begins", "en")
    assert (text(newest, "title"), newest.attrib[LANGUAGE]) == (plain["title_zh"], "zh-CN")
    feeds = {
        text(await feed(designated, query), "id") for query in ("", "?language=en", f"?class_id={class_id}")
    }
    assert len(feeds) == 3


@pytest.mark.clause("C17")
@pytest.mark.parametrize("path", [FEED, "/v1/catalogue/news"])
async def test_who_has_the_edition_is_answered_with_nothing_until_it_changes(world: World, path: str):
    await published(world)
    first = await ask(world, path=path)
    assert first.headers["cache-control"] == "public, max-age=60"
    tag = first.headers["etag"]
    again = await ask(world, path=path, if_none_match=tag)
    assert (again.status_code, again.content) == (304, b"")
    await published(world)
    other = await ask(world, path=path, if_none_match=tag)
    assert other.status_code == 200
    assert other.headers["etag"] != tag
