"""Cycles that nobody has seen work without a change of code: three invented packs."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.events.policy import ConceptAbsent, PolicyPack


def test_a_cycle_may_have_no_institutions_no_evaluation_and_no_certificate(harbour: PolicyPack):
    assert harbour.designation is None
    assert harbour.evaluation is None
    assert harbour.suspension is None
    with pytest.raises(ConceptAbsent, match="certificate"):
        harbour.certificate_number(1, str)


def test_a_class_may_be_ten_meetings_of_four_days(harbour: PolicyPack):
    kind = harbour.class_kind("harbour")
    assert kind.blocks is not None
    assert (kind.blocks.count, kind.blocks.days_each) == (10, 4)
    assert kind.latest_end(date(2099, 4, 1)) == date(2100, 5, 6)


def test_a_kind_of_organisation_that_only_this_cycle_knows_may_hold_an_act(harbour: PolicyPack):
    assert harbour.may("approve_classes", kind="harbour_authority")
    assert harbour.may("review_rosters", kind="anything", offices={"list_office"})
    assert harbour.may("review_rosters", kind="bureau")


def test_an_act_given_to_nobody_or_left_out_is_held_by_nobody(harbour: PolicyPack):
    for act in ("issue_certificates", "track"):
        assert harbour.holders(act) == ()
        assert not harbour.may(act, kind="bureau", offices={"list_office"})


@pytest.mark.clause("Q1")
def test_a_deadline_may_close_at_an_hour_of_another_zone(harbour: PolicyPack):
    closes = datetime(2099, 3, 31, 17, tzinfo=ZoneInfo("Asia/Urumqi"))
    assert harbour.deadline("lists") == closes
    assert harbour.selection_deadline("harbour", date(2099, 9, 1)) == closes
    assert harbour.deadline("selection") is None


def test_floors_checks_declarations_and_fees_are_data(harbour: PolicyPack):
    assert [(f.attribute, f.min_persons, str(f.min_share)) for f in harbour.floors] == [
        ("tier", 30, "None"),
        ("size_class", None, "0.3333"),
    ]
    params = harbour.eligibility[0].params
    assert params is not None
    assert params.values == ("董事长", "总经理")
    assert [(d.code, d.required) for d in harbour.declarations] == [
        ("integrity", True),
        ("first_time", False),
    ]
    assert harbour.funds is not None
    assert harbour.funds.local_support.level == "required"
    assert [(cap.max_fen, cap.breach) for cap in harbour.funds.caps] == [(34050, "refusal")]


@pytest.mark.parametrize(
    ("lengths", "gap", "kept"),
    [
        ([4] * 10, 3, True),
        ([4] * 9, 3, False),
        ([*[4] * 9, 3], 3, False),
        ([4] * 11, 3, False),
        ([40], 0, True),
    ],
    ids=["as asked", "one too few", "one too short", "one too many", "back to back"],
)
def test_blocks_are_runs_of_days_and_all_of_them_are_held(
    harbour: PolicyPack, lengths: list[int], gap: int, kept: bool
):
    blocks = harbour.class_kind("harbour").blocks
    assert blocks is not None
    days: list[date] = []
    day = date(2099, 4, 1)
    for length in lengths:
        days += [day + timedelta(days=number) for number in range(length)]
        day = days[-1] + timedelta(days=gap + 1)
    assert blocks.are_kept_by([*reversed(days), days[0]]) is kept
    assert blocks.fit_between(date(2099, 4, 1), date(2099, 5, 10))
    assert not blocks.fit_between(date(2099, 4, 1), date(2099, 5, 9))


def test_suspension_may_combine_a_line_with_the_lowest_and_four_tiers_may_be_counted(cloud: PolicyPack):
    assert cloud.suspension is not None
    assert [(rule.rule, rule.line_hundredths, rule.n) for rule in cloud.suspension.rules] == [
        ("below", 600, None),
        ("bottom_n", None, 3),
    ]
    assert len(cloud.class_kinds) == 6
    assert [tier.code for tier in cloud.tiers if tier.priority] == ["sprout", "tree", "forest"]
    assert cloud.certificate_number(7, str) == "YK2098-autumn-00007"


def test_a_pack_may_be_nearly_empty(bare: PolicyPack):
    assert bare.document().keys() == {"format", "notice", "programme", "cycle", "class_kinds"}
    assert bare.class_kind("meeting").latest_end(date(2097, 7, 1)) is None
    assert bare.selection_deadline("meeting", date(2097, 7, 1)) is None
    for asked in (bare.tier, bare.channel, bare.special_topic, bare.target_group, bare.activity_kind):
        with pytest.raises(ConceptAbsent):
            asked("any")
    with pytest.raises(ConceptAbsent):
        bare.arrangement("meeting", "own")
