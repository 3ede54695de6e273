"""The public catalogue: what everybody reads without a token, and that any cache may keep it."""

from typing import Any

import pytest

from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.registry_world import CYCLE, EARLIER, World, approved, cancel, designation, drafted


async def shown(world: World, path: str, **headers: Any) -> list[dict[str, Any]]:
    answer = await world.act("GET", f"/v1/catalogue/{path}", by="anonymous", **headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def says(rules: list[dict[str, Any]]) -> dict[str, str]:
    return {rule["code"]: rule["says"]["zh"] for rule in rules}


@pytest.mark.clause("C01", "C06", "C07", "C15", "C17", "C19", "C36", "C44", "Q1")
async def test_everybody_reads_the_rules_of_each_cycle_in_words_with_their_clauses(world: World):
    earlier, later = await shown(world, "cycles")
    assert (earlier["cycle_id"], later["cycle_id"]) == (EARLIER, CYCLE)
    assert earlier["notice"]["number"] == "工信厅企业函〔2019〕106号"
    assert [cycle["brand"]["zh"] for cycle in (earlier, later)] == [
        "全国中小企业领军人才培训",
        "全国领军人才培训",
    ]
    assert [floor["says"]["zh"] for floor in earlier["rules"]["floors"]] == [
        "学员不少于1800人",
        "制造业学员占比不少于30%（以审核通过的学员为分母）",
    ]
    (floor,) = later["rules"]["floors"]
    assert floor["says"]["en"] == "at least 2000 persons"
    assert floor["citation"]["clause"] == ["C06"]
    deadlines = {line["code"]: line for line in later["rules"]["deadlines"]}
    assert deadlines["selection"]["says"]["zh"] == "2022年12月31日前（含当日）"
    assert deadlines["selection"]["closes_at"] == "2022-12-31T16:00:00Z"
    assert [kind["code"] for kind in later["rules"]["class_kinds"]] == [
        "regional_development",
        "theme",
        "special_topic",
        "boot_camp",
    ]


@pytest.mark.clause("C04", "C05", "C24", "C31", "C47")
async def test_what_each_cycle_rests_on_and_aims_at_is_told(world: World):
    earlier, later = await shown(world, "cycles")
    assert "《国家中长期人才发展规划纲要（2010-2020年）》" in [one["title"] for one in earlier["legal_basis"]]
    assert "《国家中长期人才发展规划纲要（2010-2020年）》" not in [
        one["title"] for one in later["legal_basis"]
    ]
    for cycle in (earlier, later):
        assert cycle["parent"]["zh"] == "企业经营管理人才素质提升工程"
        assert len(cycle["rules"]["principles"]) == 6
        assert cycle["goal"]["zh"] == "提高中小企业经营管理水平，引导中小企业高质量发展"
        assert {one["code"] for one in cycle["rules"]["platforms"]} == {"website", "wechat"}


@pytest.mark.clause("C18", "C39", "C45", "Q17")
async def test_the_holders_of_acts_the_rule_of_suspension_and_the_contacts_are_told(world: World):
    earlier, later = await shown(world, "cycles")
    assert says(earlier["rules"]["acts"])["approve_classes"] == "“协调小组办公室”"
    assert says(later["rules"]["acts"])["approve_classes"] == "部人才交流中心"
    assert says(earlier["rules"]["acts"])["designate_bases"] == "无"
    assert says(earlier["rules"]["suspension"]) == {"below": "考核结果低于80分的，暂停下一年度培训任务"}
    assert says(later["rules"]["suspension"]) == {"bottom_n": "排名末位的2家，暂停下一年度培训任务"}
    assert earlier["rules"]["contacts"]
    assert later["rules"]["contacts"] == []


@pytest.mark.clause("C13", "C14", "C17", "Q5")
async def test_everybody_reads_who_is_designated_with_its_member_bodies(designated: World):
    member = {
        "kind": "institution",
        "name_zh": "甲协会",
        "name_en": "A",
        "parent_id": designated.ids["甲大学"],
    }
    await designated.bulk("/v1/organisations", member, by="operator")
    (one,) = await shown(designated, f"institutions?cycle_id={CYCLE}")
    assert one["institution"]["name_zh"] == "甲大学"
    assert [body["name_zh"] for body in one["members"]] == ["甲协会"]
    assert [kind["zh"] for kind in one["class_kinds"]] == ["区域发展", "主题方向"]
    assert one["status"] == "designated"
    assert await shown(designated, f"institutions?cycle_id={EARLIER}") == []


@pytest.mark.clause("C17", "C24")
async def test_only_classes_that_were_approved_are_public_and_neither_budget_nor_people_are(
    designated: World,
):
    await drafted(designated)
    class_id = await approved(designated, title_zh="公开班")
    (one,) = await shown(designated, "classes")
    assert (one["id"], one["title_zh"], one["status"]) == (class_id, "公开班", "approved")
    assert one["kind"] == {"code": "theme", "zh": "主题方向", "en": "Theme"}
    assert one["lead"]["name_zh"] == "甲大学"
    assert [body["name_zh"] for body in one["institutions"]] == ["甲大学"]
    assert one["place"]["name_zh"] == "浙江省主管部门"
    assert not {"plan", "budget_heads", "approved_heads", "reason"} & one.keys()


@pytest.mark.clause("C17")
async def test_classes_are_found_by_cycle_department_and_kind(designated: World):
    class_id = await approved(designated)
    place = designated.ids["浙江省主管部门"]
    asked = {f"cycle_id={CYCLE}", f"department={place}", "kind=theme", f"kind=theme&department={place}"}
    for query in asked:
        assert [one["id"] for one in await shown(designated, f"classes?{query}")] == [class_id]
    other = designated.ids["宁波市主管部门"]
    for query in (f"cycle_id={EARLIER}", f"department={other}", "kind=boot_camp"):
        assert await shown(designated, f"classes?{query}") == []


@pytest.mark.clause("C17")
@pytest.mark.parametrize("path", ["cycles", "institutions", "classes"])
async def test_who_has_the_edition_is_answered_with_nothing(designated: World, path: str):
    first = await designated.act("GET", f"/v1/catalogue/{path}", by="anonymous")
    assert first.headers["cache-control"] == "public, max-age=60"
    tag = first.headers["etag"]
    assert tag.startswith('"')
    for known in (tag, f'"other", W/{tag}', "*"):
        again = await designated.act("GET", f"/v1/catalogue/{path}", by="anonymous", if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert again.headers["cache-control"] == "public, max-age=60"
    other = await designated.act("GET", f"/v1/catalogue/{path}", by="anonymous", if_none_match='"other"')
    assert other.content == first.content
    assert ("last-modified" in first.headers) == (path == "cycles")


async def test_every_change_makes_another_edition(designated: World):
    async def tags() -> list[str]:
        paths = ("cycles", "institutions", "classes")
        asked = [await designated.act("GET", f"/v1/catalogue/{path}", by="anonymous") for path in paths]
        return [answer.headers["etag"] for answer in asked]

    before = await tags()
    class_id = await approved(designated)
    after = await tags()
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, True, False]
    cancelled = await cancel(designated, class_id, "甲大学")
    assert cancelled.status_code == 200
    assert (await tags())[2] not in {before[2], after[2]}
    more = designation(designated, "乙大学")
    await designated.bulk("/v1/designations", more, by="人才交流中心")
    assert (await tags())[1] != after[1]


async def test_another_query_is_another_edition(designated: World):
    whole = await designated.act("GET", "/v1/catalogue/classes", by="anonymous")
    part = await designated.act("GET", "/v1/catalogue/classes?limit=1", by="anonymous")
    assert whole.headers["etag"] != part.headers["etag"]


async def test_the_statements_of_a_page_do_not_grow_with_its_rows(designated: World):
    await approved(designated)

    async def cost(path: str, **headers: Any) -> int:
        with counted(designated.database, ClassState) as cost:
            await designated.act("GET", f"/v1/catalogue/{path}", by="anonymous", **headers)
        return cost.statements

    few = await cost("classes")
    for _ in range(3):
        await approved(designated)
    assert await cost("classes") == few
    answer = await designated.act("GET", "/v1/catalogue/classes", by="anonymous")
    assert await cost("classes", if_none_match=answer.headers["etag"]) < few
