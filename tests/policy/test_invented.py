"""A cycle that nobody has seen works without a change of code: the invented harbour pack."""

from datetime import date, datetime
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
