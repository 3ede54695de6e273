"""What the two notices say, read from their packs: each difference of the clause table, and the rest."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.events.policy import ConceptAbsent, PolicyPack, Term

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _codes(entries: Iterable[Term]) -> list[str]:
    return [entry.code for entry in entries]


@pytest.mark.clause("C01")
def test_a_pack_names_its_notice_and_a_programme_qualified_cycle(earlier: PolicyPack, later: PolicyPack):
    assert (earlier.cycle_id, earlier.notice.number) == (
        "miit-sme-leaders.2019-2020",
        "工信厅企业函〔2019〕106号",
    )
    assert (later.cycle_id, later.notice.number) == (
        "miit-sme-leaders.2022-2023",
        "工信厅企业函〔2022〕278号",
    )
    assert (earlier.notice.signed_on, earlier.notice.published_on) == (date(2019, 5, 8), date(2019, 5, 14))
    assert (later.notice.signed_on, later.notice.published_on) == (date(2022, 10, 25), None)


@pytest.mark.clause("C01", "Q14")
def test_neither_cycle_follows_one_that_is_loaded(earlier: PolicyPack, later: PolicyPack):
    assert earlier.follows is None
    assert later.follows is None


@pytest.mark.clause("C04", "C28")
def test_the_talent_outline_is_a_legal_basis_of_the_earlier_cycle_only(
    earlier: PolicyPack, later: PolicyPack
):
    outline = "《国家中长期人才发展规划纲要（2010-2020年）》"
    assert outline in [basis.title for basis in earlier.legal_basis]
    assert outline not in [basis.title for basis in later.legal_basis]


@pytest.mark.clause("C02", "C03", "C05", "C31", "C47")
def test_both_packs_carry_addressees_parent_programme_principles_and_goal(
    earlier: PolicyPack, later: PolicyPack
):
    for pack in (earlier, later):
        assert {one.kind for one in pack.addressees} == {
            "department",
            "talent_exchange_centre",
            "promotion_centre",
            "institution",
        }
        assert pack.programme.parent is not None
        assert pack.programme.parent.zh == "企业经营管理人才素质提升工程"
        assert [principle.zh for principle in pack.principles] == [
            "政府引导",
            "市场运作",
            "面向企业",
            "讲求实效",
            "整合资源",
            "共建共享",
        ]
        assert pack.goal is not None


@pytest.mark.clause("C06")
def test_the_floor_of_persons_rose_from_1800_to_2000(earlier: PolicyPack, later: PolicyPack):
    assert earlier.floors[0].min_persons == 1800
    assert [floor.min_persons for floor in later.floors] == [2000]


@pytest.mark.clause("C07", "Q2")
def test_only_the_earlier_cycle_asks_a_share_of_manufacturing(earlier: PolicyPack, later: PolicyPack):
    share = earlier.floors[1]
    assert (share.attribute, share.values, str(share.min_share)) == ("industry_section", ("C",), "0.30")
    assert share.denominator == "approved_persons"
    assert all(floor.attribute is None for floor in later.floors)


@pytest.mark.clause("C08")
def test_a_class_lasts_a_year_at_most_in_both_cycles(earlier: PolicyPack, later: PolicyPack):
    for pack in (earlier, later):
        for kind in pack.class_kinds:
            assert kind.latest_end(date(2019, 6, 1)) == date(2020, 6, 1)
            assert kind.latest_end(date(2020, 2, 29)) == date(2021, 2, 28)


@pytest.mark.clause("C15", "C16", "C26")
def test_industry_classes_gave_way_to_themes_and_boot_camps(earlier: PolicyPack, later: PolicyPack):
    assert _codes(earlier.class_kinds) == ["region", "industry", "other", "special_topic"]
    assert _codes(later.class_kinds) == ["regional_development", "theme", "special_topic", "boot_camp"]
    assert [kind.code for kind in later.class_kinds if not kind.counts_toward_target] == ["boot_camp"]
    assert all(kind.counts_toward_target for kind in earlier.class_kinds)


@pytest.mark.clause("C16")
def test_the_special_topics_and_their_partners_changed(earlier: PolicyPack, later: PolicyPack):
    assert {topic.zh for topic in earlier.special_topics} == {"融通发展", "专精特新"}
    assert {topic.zh for topic in later.special_topics} == {
        "专精特新",
        "促进大中小企业融通创新",
        "数字化赋能",
    }
    partners = earlier.arrangement("special_topic", "own").co_organised_by
    assert partners == ("department", "training_body")
    assert later.arrangement("special_topic", "own").co_organised_by == (
        "ministry_affiliate",
        "service_body",
        "industry_organisation",
        "leading_enterprise",
    )


@pytest.mark.clause("C13", "C16", "C29", "Q13")
def test_arrangements_of_the_earlier_cycle(earlier: PolicyPack):
    asked = {
        (r.kind, r.arrangement): (r.designation_required, r.max_institutions)
        for r in earlier.arrangement_rules
    }
    assert asked == {
        ("region", "own"): ("designated", None),
        ("industry", "own"): ("designated", None),
        ("other", "own"): ("designated", None),
        ("region", "joint"): ("any", 1),
        ("region", "commissioned"): ("any", 1),
        ("special_topic", "own"): ("none", None),
    }
    assert earlier.arrangement("region", "commissioned").min_institutions == 1
    with pytest.raises(ConceptAbsent, match="industry/commissioned"):
        earlier.arrangement("industry", "commissioned")


@pytest.mark.clause("C13", "C16", "C26", "C29")
def test_arrangements_of_the_later_cycle(later: PolicyPack):
    for kind in ("regional_development", "theme"):
        for arrangement in ("own", "joint", "commissioned"):
            rule = later.arrangement(kind, arrangement)
            assert (rule.designation_required, rule.max_institutions) == ("designated", None)
            assert rule.coordinated == (arrangement != "own")
            assert rule.asks_designation_of("institution")
    assert later.arrangement("theme", "joint").filed_by == ("department",)
    assert later.arrangement("special_topic", "own").led_by == ("talent_exchange_centre",)
    assert not later.arrangement("special_topic", "own").asks_designation_of("institution")
    camp = later.arrangement("boot_camp", "own")
    assert camp.asks_designation_of("institution")
    assert not camp.asks_designation_of("talent_exchange_centre")


@pytest.mark.clause("C19", "C36", "Q1")
def test_a_deadline_includes_its_day_in_shanghai(earlier: PolicyPack, later: PolicyPack):
    assert earlier.deadline("liaison_forms") == datetime(2019, 5, 21, tzinfo=SHANGHAI)
    assert later.deadline("liaison_forms") == datetime(2022, 10, 31, 16, tzinfo=UTC)
    assert earlier.deadline("selection") == datetime(2020, 1, 1, tzinfo=SHANGHAI)
    assert later.deadline("selection") == datetime(2023, 1, 1, tzinfo=SHANGHAI)


@pytest.mark.clause("C36", "Q15")
def test_selection_for_special_topics_and_boot_camps_closes_when_the_class_starts(later: PolicyPack):
    starts_on = date(2023, 3, 1)
    assert later.selection_deadline("theme", starts_on) == datetime(2023, 1, 1, tzinfo=SHANGHAI)
    for kind in ("special_topic", "boot_camp"):
        assert later.selection_deadline(kind, starts_on) == datetime(2023, 3, 1, tzinfo=SHANGHAI)


@pytest.mark.clause("C21", "C22", "C23", "C27", "C42", "C43")
def test_the_tour_week_went_and_base_visits_and_cross_industry_exchange_came(
    earlier: PolicyPack, later: PolicyPack
):
    assert _codes(earlier.activity_kinds) == [
        "retraining",
        "tour_week",
        "online",
        "cross_region",
        "continued_learning",
    ]
    assert _codes(later.activity_kinds) == [
        "retraining",
        "online",
        "base_visit",
        "cross_region",
        "cross_industry",
        "benchmarking",
        "continued_learning",
    ]
    assert later.activity_kind("retraining").needs_certificate
    assert later.activity_kind("cross_region").crosses == ("department",)


@pytest.mark.clause("C23")
def test_only_the_later_cycle_has_facets(earlier: PolicyPack, later: PolicyPack):
    assert earlier.facets == ()
    assert {facet.code: [word.code for word in facet.values] for facet in later.facets} == {
        "layer": [],
        "category": [],
        "length": ["long", "short"],
        "channel": ["online", "offline", "blended"],
    }


@pytest.mark.clause("C41")
def test_four_course_directions_were_dropped(earlier: PolicyPack, later: PolicyPack):
    assert [direction.zh for direction in later.course_directions] == ["制造强国", "网络强国"]
    assert [direction.zh for direction in earlier.course_directions] == [
        "制造强国",
        "网络强国",
        "制造业高质量发展",
        "工业互联网",
        "新材料",
        "产融合作",
    ]


@pytest.mark.clause("C20", "C28")
def test_priority_tiers_came_with_the_later_cycle(earlier: PolicyPack, later: PolicyPack):
    assert earlier.tiers == ()
    assert _codes(later.tiers) == ["innovative", "specialised", "little_giant"]
    assert all(tier.priority for tier in later.tiers)
    assert all(check.severity != "error" for check in later.eligibility if "C28" in check.clause)


@pytest.mark.clause("C38", "C39", "Q3", "Q4", "Q6")
def test_the_line_of_80_gave_way_to_the_bottom_two(earlier: PolicyPack, later: PolicyPack):
    assert earlier.suspension is not None
    assert later.suspension is not None
    assert [(r.rule, r.line_hundredths, r.n) for r in earlier.suspension.rules] == [("below", 8000, None)]
    assert [(r.rule, r.line_hundredths, r.n) for r in later.suspension.rules] == [("bottom_n", None, 2)]
    for suspension in (earlier.suspension, later.suspension):
        assert (suspension.ties.treatment, suspension.unscored.treatment) == ("decide", "block")
    assert later.suspension.few is not None
    assert (later.suspension.few.fewer_than, later.suspension.few.treatment) == (3, "decide")


@pytest.mark.clause("C30", "C33")
def test_funds_discipline_and_local_support_came_with_the_later_cycle(earlier: PolicyPack, later: PolicyPack):
    assert earlier.funds is None
    assert later.funds is not None
    assert later.funds.ledger.kept
    assert later.funds.discipline.kept
    assert later.funds.local_support.level == "encouraged"


@pytest.mark.clause("C40", "C44")
def test_each_pack_has_one_issuer_one_brand_and_one_number_series(earlier: PolicyPack, later: PolicyPack):
    assert earlier.certificate is not None
    assert later.certificate is not None
    assert earlier.certificate.brand.zh == "全国中小企业领军人才培训"
    assert later.certificate.brand.zh == "全国领军人才培训"
    assert earlier.certificate.issuer.zh == "协调小组办公室"
    assert later.certificate.issuer.zh == "工业和信息化部人才交流中心"
    assert later.certificate_number(7, lambda body: str(len(body))) == "LJ-2022-2023-000007-20"


@pytest.mark.clause("C17", "C24", "C45")
def test_the_public_platforms_and_contact_points_are_data(earlier: PolicyPack, later: PolicyPack):
    assert _codes(earlier.platforms) == _codes(later.platforms) == ["website", "wechat"]
    assert _codes(earlier.contacts) == ["bureau", "talent_exchange_centre"]
    assert later.contacts == ()


@pytest.mark.clause("C18")
def test_the_coordination_group_and_its_office_belong_to_the_earlier_cycle(
    earlier: PolicyPack, later: PolicyPack
):
    hosts = {office.code: office.hosted_by for office in earlier.offices}
    assert hosts == {"coordination_group": "bureau", "coordination_office": "talent_exchange_centre"}
    assert [(seat.code, seat.seats) for seat in earlier.offices[0].members] == [
        ("chair", 1),
        ("deputy_chair", 2),
    ]
    assert later.offices == ()


@pytest.mark.clause("C09", "C10", "C11", "C12", "C34", "C35")
def test_what_both_notices_share_is_in_both_packs(earlier: PolicyPack, later: PolicyPack):
    for pack in (earlier, later):
        assert _codes(pack.target_groups) == ["leading_sme", "startup_micro"]
        assert _codes(pack.channels) == ["institution_selected", "department_recommended"]
        assert _codes(pack.session_modes) == ["intensive", "practice", "classroom", "applied"]
        assert len({mode.pair for mode in pack.session_modes}) == 2
        assert _codes(pack.curriculum_tags) == ["key_field", "weak_link"]


@pytest.mark.clause("C19", "C46")
def test_the_liaison_form_says_which_answers_are_personal(earlier: PolicyPack, later: PolicyPack):
    for pack in (earlier, later):
        assert pack.liaison_form is not None
        personal = {field.code for field in pack.liaison_form.fields if field.personal}
        assert {"official_name", "liaison_name", "liaison_phone", "liaison_email"} <= personal


@pytest.mark.clause("C40", "Q10")
def test_completion_rests_on_the_filed_plan(earlier: PolicyPack, later: PolicyPack):
    for pack in (earlier, later):
        assert pack.completion is not None
        assert pack.completion.plan_required
        assert (pack.completion.min_attendance_percent, pack.completion.min_minutes) == (0, 0)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("class_kind", "industry"),
        ("special_topic", "integrated_development"),
        ("activity_kind", "tour_week"),
        ("course_direction", "new_materials"),
        ("tier", "unknown"),
        ("target_group", "unknown"),
        ("session_mode", "unknown"),
        ("channel", "unknown"),
    ],
)
@pytest.mark.clause("C15", "C22")
def test_a_concept_of_another_cycle_is_absent(later: PolicyPack, name: str, code: str):
    with pytest.raises(ConceptAbsent) as caught:
        getattr(later, name)(code)
    assert (caught.value.concept, caught.value.code) == (name, code)
