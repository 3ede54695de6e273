"""What leaves the platform about a roster: the list for the seal, and the notice of its review."""

import io

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from structlog.testing import capture_logs

from services.enrollment.rosters.wording import Ground, gather_grounds, spans
from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.enrollment_world import load
from tests.support.nominees import Plan, card, kind_of, nominee


async def reviewed(plan: Plan) -> str:
    """Approve a roster of five, of whom two are rejected and one is returned."""
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in range(1, 6)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(2, "reject"), (4, "reject"), (5, "return")])
    await plan.post(plan.centre, f"/v1/rosters/{roster_id}/remaining-decisions", {"decision": "approve"})
    assert (await plan.approve(roster_id)).status_code == 200
    return roster_id


def lines(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    page = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [["" if cell is None else str(cell) for cell in row] for row in page.iter_rows(values_only=True)]


@pytest.mark.clause("C37")
async def test_a_notice_tells_how_many_were_decided_how_why_by_whom_and_by_which_clause(plan: Plan):
    roster_id = await reviewed(plan)
    notice = (await plan.get(plan.institution, f"/v1/rosters/{roster_id}/notice")).json()
    counts = {name: notice[name] for name in ("rows", "approved", "rejected", "returned", "undecided")}
    assert counts == {"rows": 5, "approved": 2, "rejected": 2, "returned": 1, "undecided": 0}
    assert notice["grounds"] == [
        {"decision": "reject", "reason": "不符合条件", "positions": [2, 4]},
        {"decision": "return", "reason": "不符合条件", "positions": [5]},
    ]
    assert (notice["reviewer"]["organisation_id"], notice["reviewer"]["name_zh"]) == (
        plan.centre,
        "人才交流中心",
    )
    assert (notice["clause"], notice["source"], notice["revision"]) == (["C37"], "N2022 三(四)", 1)
    assert notice["zh"] == [
        "“演练班”第 1 号名单于 2022-12-01 由人才交流中心审核，已核准。",
        "名单共 5 人：通过 2 人，不予通过 2 人，退回 1 人。",
        "依据：工信厅企业函〔2022〕278号，N2022 三(四)（政策包第 1 次修订）。",
        "第 2, 4 行不予通过：不符合条件",
        "第 5 行退回：不符合条件",
    ]
    assert notice["en"][1] == "It names 5: 2 approved, 2 rejected, 1 returned."


@pytest.mark.clause("C37")
async def test_a_returned_roster_has_a_notice_with_its_reason(plan: Plan):
    await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    roster_id = await plan.submitted(plan.class_id)
    await plan.decide(roster_id, [(1, "approve")])
    early = await plan.get(plan.institution, f"/v1/rosters/{roster_id}/notice")
    assert (early.status_code, kind_of(early)) == (409, "roster-not-reviewed")
    await plan.post(plan.centre, f"/v1/rosters/{roster_id}/return", {"reason": "请补充佐证"})
    notice = (await plan.get(plan.institution, f"/v1/rosters/{roster_id}/notice")).json()
    assert (notice["status"], notice["return_reason"], notice["undecided"]) == ("returned", "请补充佐证", 1)
    assert notice["zh"][0].endswith("已退回，理由：请补充佐证。")
    assert notice["en"][1] == "It names 2: 1 approved, 1 not decided."


async def test_a_notice_tells_the_revision_by_which_the_roster_was_judged(plan: Plan):
    roster_id = await reviewed(plan)
    await plan.world.cycle(load("2022-2023"), revision=2)
    notice = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/notice")).json()
    assert notice["revision"] == 1


async def test_the_notice_is_printed_with_its_sentences_its_reasons_and_room_for_the_seal(plan: Plan):
    roster_id = await reviewed(plan)
    notice = (await plan.get(plan.centre, f"/v1/rosters/{roster_id}/notice")).json()
    printed = lines(await plan.get(plan.centre, f"/v1/rosters/{roster_id}/notice/workbook"))
    first = [row[0] for row in printed]
    assert first[:4] == ["学员名单审核通知", *notice["zh"][:3]]
    assert printed[6] == ["不予通过", "2", "2, 4", "不符合条件"]
    assert [one for one in first if "盖章" in one]
    assert notice["rows_sha256"] in first[4]


@pytest.mark.clause("C37")
async def test_the_list_for_the_seal_shows_every_row_masked_under_number_and_hash(plan: Plan):
    roster_id = await reviewed(plan)
    roster = (await plan.get(plan.institution, f"/v1/rosters/{roster_id}")).json()
    path = f"/v1/rosters/{roster_id}/rows/workbook"
    with capture_logs() as logged:
        printed = lines(await plan.get(plan.institution, path))
    title, number, counts, digest, heading, *rows = printed
    assert title[0] == "演练班学员名单"
    assert roster_id in number[0]
    assert plan.class_id in counts[0]
    assert counts[0].endswith("共 5 人：通过 2 人，不予通过 2 人，退回 1 人，未审定 0 人")
    assert roster["rows_sha256"] in digest[0]
    assert heading[:2] == ["序号", "姓名"]
    listed = [row for row in rows if row[0].isdigit()]
    assert [row[9] for row in listed] == ["通过", "不予通过", "通过", "不予通过", "退回"]
    assert listed[1] == [
        "2",
        "演**",
        "居民身份证",
        f"330***********{card(2)[-4:]}",
        "演练企业1",
        "总经理",
        "浙江",
        "培训承担机构自主选拔",
        "成长性好、创新能力强、在区域或行业中处于龙头骨干地位的中小企业经营管理者",
        "不予通过",
        "不符合条件",
    ]
    assert [row[0] for row in rows[-3:]] == [
        "报送单位（盖章）：",
        "审核单位（盖章）：",
        "日期：        年    月    日",
    ]
    [entry] = [one for one in logged if one["event"] == "roster printed"]
    assert (entry["organisation_id"], entry["rows"]) == (plan.institution, 5)
    assert not [one for row in printed for one in row if card(2) in one]


async def test_only_who_sees_the_whole_class_takes_list_and_notice_out(plan: Plan):
    roster_id = await reviewed(plan)
    for path in ("rows/workbook", "notice", "notice/workbook"):
        for stranger in (plan.rival, plan.zhejiang):
            assert (await plan.get(stranger, f"/v1/rosters/{roster_id}/{path}")).status_code == 404
        assert (await plan.get(plan.bureau, f"/v1/rosters/{roster_id}/{path}")).status_code == 200


async def test_what_a_printed_list_costs_does_not_depend_on_its_length(plan: Plan):
    async def statements(class_id: str, numbers: range) -> int:
        await plan.nominate(plan.institution, *(nominee(class_id, number) for number in numbers))
        roster_id = await plan.submitted(class_id)
        with counted(plan.world.database, ClassState) as cost:
            await plan.get(plan.centre, f"/v1/rosters/{roster_id}/rows/workbook")
        return cost.statements

    other = await plan.another_class(lead_id=plan.institution)
    assert await statements(plan.class_id, range(1, 3)) == await statements(other, range(10, 60)) > 0


def test_rows_of_one_reason_are_told_together_and_rejections_first():
    rows = [(3, "return", "缺材料"), (1, "reject", "不符"), (4, "reject", "不符"), (2, "reject", "重复")]
    assert gather_grounds(rows) == [
        Ground("reject", "不符", [1, 4]),
        Ground("reject", "重复", [2]),
        Ground("return", "缺材料", [3]),
    ]


@given(st.sets(st.integers(1, 60), min_size=1))
def test_positions_are_written_short_and_read_back_the_same(positions: set[int]):
    read: set[int] = set()
    for part in spans(positions).split(", "):
        first, _, last = part.partition("-")
        read |= set(range(int(first), int(last or first) + 1))
    assert read == positions
    assert spans([1, 2, 3, 7]) == "1-3, 7"
