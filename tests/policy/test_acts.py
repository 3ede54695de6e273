"""Who holds which act in the two cycles: the table of the notices, and decision Q17."""

import pytest

from shared.events.policy import ACTS, ConceptAbsent, Holder, PolicyPack

OFFICE = Holder(office="coordination_office")
BUREAU = Holder(kind="bureau")
CENTRE = Holder(kind="talent_exchange_centre")


@pytest.mark.clause("C16", "C18", "C19", "C25", "C29", "C32", "C37", "C38", "C40", "Q17")
@pytest.mark.parametrize(
    ("act", "earlier_holders", "later_holders"),
    [
        ("receive_liaison_forms", (BUREAU,), (BUREAU,)),
        ("coordinate_commissioned_classes", (BUREAU,), (BUREAU,)),
        ("designate_institutions", (OFFICE,), (CENTRE,)),
        ("agree_training_plans", (OFFICE,), (CENTRE,)),
        ("approve_classes", (OFFICE,), (CENTRE,)),
        ("own_special_topics", (CENTRE,), (CENTRE,)),
        ("review_rosters", (OFFICE,), (CENTRE,)),
        ("confirm_completion", (OFFICE,), (CENTRE,)),
        ("issue_certificates", (OFFICE,), (CENTRE,)),
        ("assign_evaluator", (BUREAU,), (BUREAU,)),
        ("decide_ties", (BUREAU,), (BUREAU,)),
        ("lift_suspensions", (BUREAU,), (BUREAU,)),
        ("extend_deadlines", (OFFICE,), (CENTRE,)),
        ("track", (CENTRE, Holder(kind="promotion_centre")), (CENTRE,)),
        ("designate_bases", (), (CENTRE,)),
        ("record_discipline", (), (CENTRE,)),
    ],
)
def test_each_act_has_the_holders_of_the_table(
    earlier: PolicyPack,
    later: PolicyPack,
    act: str,
    earlier_holders: tuple[Holder, ...],
    later_holders: tuple[Holder, ...],
):
    assert earlier.holders(act) == earlier_holders
    assert later.holders(act) == later_holders


def test_both_packs_speak_of_every_act(earlier: PolicyPack, later: PolicyPack):
    for pack in (earlier, later):
        assert {duty.act for duty in pack.responsibilities} == set(ACTS)


@pytest.mark.clause("C37")
def test_who_reviews_is_asked_of_the_pack_by_office_or_by_kind(earlier: PolicyPack, later: PolicyPack):
    office = frozenset({"coordination_office"})
    assert earlier.may("review_rosters", kind="talent_exchange_centre", offices=office)
    assert not earlier.may("review_rosters", kind="talent_exchange_centre", offices=frozenset())
    assert later.may("review_rosters", kind="talent_exchange_centre", offices=frozenset())
    assert not later.may("review_rosters", kind="operator", offices=office)
    with pytest.raises(ConceptAbsent, match="sing"):
        later.may("sing", kind="bureau")


def test_an_act_may_be_held_by_one_organisation_by_its_id(cloud: PolicyPack):
    holder = "01980000-0000-7000-8000-000000000001"
    assert cloud.may("issue_certificates", kind="anything", organisation_id=holder)
    assert not cloud.may("issue_certificates", kind="cloud_academy", organisation_id="another")
    assert not cloud.may("issue_certificates", kind="cloud_academy")
