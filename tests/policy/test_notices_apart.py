"""The diff of the two notices names each difference of the table of the two packs, row by row."""

import pytest

from shared.events.policy import Difference, PolicyPack, diff


@pytest.fixture(scope="module")
def told(earlier: PolicyPack, later: PolicyPack) -> dict[tuple[str, str], Difference]:
    return {(one.kind, one.place): one for one in diff(earlier, later) if one.aspect == "rule"}


ROWS: dict[str, tuple[str, list[str]]] = {
    "the floor of persons": ("C06", ["学员的人数下限由1800人改为2000人"]),
    "the share of manufacturing": ("C07", ["制造业学员占比不少于30%（以审核通过的学员为分母）的要求取消"]),
    "class kinds that went": ("C15", [f"取消班次类型“{kind}”" for kind in ("区域班", "行业班", "其他班次")]),
    "class kinds that came": (
        "C15",
        [f"新增班次类型“{kind}”：计入目标人数；设承担资格" for kind in ("区域发展", "主题方向")],
    ),
    "boot camps": (
        "C26",
        ["新增班次类型“主题特训营”：不计入目标人数", "新增办班规则“主题特训营”·“自行组织”"],
    ),
    "special topics": (
        "C16",
        ["取消专题“融通发展”", "新增专题“促进大中小企业融通创新”", "新增专题“数字化赋能”"],
    ),
    "joint and commissioned classes": (
        "C29",
        [
            "取消办班规则“区域班”·“联合培养”",
            "取消办班规则“区域班”·“委托培养”",
            *(
                f"新增办班规则“{kind}”·“{way}”：承担资格要求：须有承担资格"
                for kind in ("区域发展", "主题方向")
                for way in ("联合培养", "委托培养")
            ),
        ],
    ),
    "classes of own arrangement": (
        "C13",
        [f"取消办班规则“{kind}”·“自行组织”" for kind in ("区域班", "行业班", "其他班次")],
    ),
    "co-organisers of special topics": (
        "C16",
        [
            "合作单位增加部直属事业单位、中小企业服务机构、行业组织、龙头企业，减少",
            "减少中小企业主管部门、社会培训机构",
        ],
    ),
    "the deadline of liaison forms": ("C19", ["“反馈信息表”的截止日由2019年5月20日改为2022年10月31日"]),
    "the deadline of selection": ("C36", ["“完成学员推荐选拔”的截止日由2019年12月31日改为2022年12月31日"]),
    "tour weeks": ("C22", ["取消活动类型“巡回周”"]),
    "base visits": ("C27", ["新增活动类型“标杆企业教学基地实训”"]),
    "exchange across industries, benchmarking": (
        "C42",
        ["新增活动类型“跨行业交流”：须跨越：行业", "新增活动类型“向优质企业对标学习”"],
    ),
    "facets": (
        "C23",
        [
            "新增培训维度“分层”",
            "新增培训维度“分类”",
            "新增培训维度“长期短期”：取值：“长期”、“短期”",
            "新增培训维度“线上线下”：取值：“线上”、“线下”、“线上线下结合”",
        ],
    ),
    "course directions": (
        "C41",
        [f"取消课程方向“{one}”" for one in ("制造业高质量发展", "工业互联网", "新材料", "产融合作")],
    ),
    "priority tiers": (
        "C28",
        [
            f"新增企业梯度“{one}”：优先"
            for one in ("创新型中小企业", "专精特新中小企业", "专精特新‘小巨人’企业")
        ],
    ),
    "suspension": (
        "C39",
        [
            "“考核结果低于80分的，暂停下一年度培训任务”的规定取消",
            "新增停训规则：排名末位的2家，暂停下一年度培训任务",
        ],
    ),
    "local fiscal support": ("C30", ["新增地方财政资金支持：鼓励"]),
    "funds and discipline": ("C33", ["新增班级经费台账：实行", "新增财经纪律记录：实行"]),
    "the brand": ("C44", ["统一品牌由“全国中小企业领军人才培训”改为“全国领军人才培训”"]),
    "who agrees training plans": ("C32", ["同意培训方案改由部人才交流中心负责（原由“协调小组办公室”负责）"]),
    "who reviews rosters": ("C37", ["审核学员名单改由部人才交流中心负责（原由“协调小组办公室”负责）"]),
    "who issues certificates": ("C40", ["颁发证书改由部人才交流中心负责（原由“协调小组办公室”负责）"]),
    "who tracks": (
        "C25",
        ["全过程跟踪改由部人才交流中心负责（原由部人才交流中心、中小企业发展促进中心负责）"],
    ),
    "the coordination group and its office": (
        "C18",
        ["取消工作机构“协调小组”", "取消工作机构“协调小组办公室”"],
    ),
}
"""A row of the table: a clause that each of its sentences cites, and what these say."""


@pytest.mark.clause(*sorted({clause for clause, _ in ROWS.values()}))
@pytest.mark.parametrize("row", ROWS)
def test_each_row_of_the_table_is_a_sentence(told: dict[tuple[str, str], Difference], row: str):
    clause, sentences = ROWS[row]
    for words in sentences:
        found = [one for one in told.values() if words in one.zh]
        assert len(found) == 1, words
        assert clause in found[0].zh
        assert clause in found[0].en


@pytest.mark.clause("Q17")
@pytest.mark.parametrize(
    ("act", "was"),
    [
        ("确定培训承担机构", "原由“协调小组办公室”负责"),
        ("审批班级", "原由“协调小组办公室”负责"),
        ("确认结业", "原由“协调小组办公室”负责"),
        ("延长期限", "原由“协调小组办公室”负责"),
        ("设立教学基地", "原无人负责"),
        ("记录财经纪律问题", "原无人负责"),
    ],
)
def test_acts_that_no_notice_assigns_pass_by_decision(
    told: dict[tuple[str, str], Difference], act: str, was: str
):
    (found,) = [one for one in told.values() if one.zh.startswith(act)]
    assert found.zh == f"{act}改由部人才交流中心负责（{was}）（决定 Q17）。"


def test_what_both_notices_say_alike_is_not_told(told: dict[tuple[str, str], Difference]):
    alike = ("goal", "principles", "target_groups", "channels")
    assert not [place for _, place in told if place.startswith(alike)]
    acts = " ".join(one.zh for one in told.values())
    for same in ("接收工作信息表", "组织专题培训", "委派考核机构", "裁定并列", "解除停训"):
        assert same not in acts
