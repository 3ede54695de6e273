"""What the gateway answers by itself: health, the documentation page, and nothing from elsewhere."""

import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from gateway.proxy import HttpUpstream, open_client
from tests.support.door import Door, Opening

ASSETS = Path(__file__).parents[2] / "gateway" / "assets"


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.inline: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "script" and "src" not in named:
            self.inline.append(tag)
        self.inline += [name for name in named if name.startswith("on") or name == "style"]
        self.loaded += [named[name] or "" for name in ("src", "href") if name in named and tag != "a"]


async def test_the_documentation_loads_from_this_host_only(opening: Opening):
    door = await opening("process")
    page = await door.http.get("/docs")
    links = Links()
    links.feed(page.text)
    assert not links.inline
    assert links.loaded
    for link in links.loaded:
        assert link.startswith(("/docs/assets/", "data:,"))
        if link.startswith("/"):
            assert (await door.http.get(link)).status_code == 200
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert not re.search(r"https?:|\*|unsafe", policy)


async def test_the_page_speaks_chinese_and_english_and_starts_on_the_merged_document(opening: Opening):
    door = await opening("process")
    page = (await door.http.get("/docs")).text
    script = (await door.http.get("/docs/assets/docs.js")).text
    assert 'lang="zh-CN"' in page
    assert 'lang="en"' in page
    assert '"/openapi.json"' in script
    assert "validatorUrl: null" in script


def test_the_vendored_files_are_those_that_the_readme_names():
    listed = dict(re.findall(r"\| `([\w.-]+)` \| `([0-9a-f]{64})` \|", (ASSETS / "README.md").read_text()))
    assert listed.keys() == {"swagger-ui-bundle.js", "swagger-ui.css"}
    for name, digest in listed.items():
        assert hashlib.sha256((ASSETS / "swagger-ui" / name).read_bytes()).hexdigest() == digest


async def test_what_a_browser_has_is_not_sent_again(opening: Opening):
    door = await opening("process")
    first = await door.http.get("/docs/assets/swagger-ui-bundle.js")
    again = await door.http.get(
        "/docs/assets/swagger-ui-bundle.js", headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


async def test_pages_are_read_only(door: Door):
    answer = await door.http.post("/docs")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


async def test_the_root_leads_to_the_documentation(door: Door):
    answer = await door.http.get("/")
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")


async def test_ready_means_every_service_and_the_keys(door: Door):
    assert (await door.http.get("/healthz")).json() == {"status": "ok"}
    answer = await door.http.get("/readyz")
    assert answer.status_code == 200
    assert set(answer.json()["services"].values()) == {"ready"}


async def test_one_dark_service_makes_the_house_unready_but_alive(opening: Opening):
    async with open_client(connections=1, answer_seconds=1.0) as client:
        down = HttpUpstream(client, "certification", "http://127.0.0.1:9")
        door = await opening("process", {"certification": down})
        answer = await door.http.get("/readyz")
        alive = await door.http.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["services"]["certification"] == "unreachable"
    assert answer.json()["services"]["registry"] == "ready"
    assert alive.status_code == 200


@pytest.mark.parametrize("path", ["/docs/assets/../../settings.py", "/docs/assets/LICENSE", "/docs/"])
async def test_no_other_file_is_served(door: Door, path: str):
    assert (await door.http.get(path)).status_code == 404
