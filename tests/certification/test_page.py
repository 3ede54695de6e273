"""The page that people see: no scripts, nothing from elsewhere, the same answers as the JSON."""

import base64
import hashlib
import re

import httpx
import pytest

from tests.certification.stage import Stage


async def page(stage: Stage, path: str) -> httpx.Response:
    async with stage.asks("anonymous") as public:
        return await public.get(path)


@pytest.mark.clause("C40", "C44")
async def test_the_page_shows_the_certificate_in_both_languages(stage: Stage):
    certificate = await stage.one_certificate("王小明")
    answer = await page(stage, certificate["verification_url"])
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for words in (
        certificate["number"],
        "王**",
        "全国领军人才培训",
        "测试大学",
        "Test University",
        "证书真实有效",
    ):
        assert words in answer.text
    assert "王小明" not in answer.text


async def test_the_page_admits_nothing_but_its_own_style(stage: Stage):
    certificate = await stage.one_certificate()
    answer = await page(stage, certificate["verification_url"])
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style
    allowed = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert f"style-src 'sha256-{allowed}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script|style=|\bon\w+=|src=|https?:", answer.text)
    assert answer.headers["referrer-policy"] == "no-referrer"


@pytest.mark.clause("C44")
async def test_a_page_about_nothing_is_not_found_and_repeats_no_code(stage: Stage):
    answer = await page(stage, "/verify/mycode123")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "未找到证书" in answer.text
    assert "mycode123" not in answer.text


async def test_what_stands_in_a_certificate_is_escaped(stage: Stage):
    class_id = await stage.finished_class(title_zh="<script>alert(1)</script>")
    await stage.hear(*stage.completion(class_id, ["<b>王"]))
    await stage.issue(class_id)
    (certificate,) = await stage.certificates()
    answer = await page(stage, certificate["verification_url"])
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


async def test_a_forged_certificate_is_red_and_shows_no_contents(stage: Stage):
    certificate = await stage.one_certificate()
    await stage.tamper(certificate, signature=bytes(64))
    answer = await page(stage, certificate["verification_url"])
    assert answer.status_code == 200
    assert 'class="verdict no"' in answer.text
    assert "测试大学" not in answer.text
