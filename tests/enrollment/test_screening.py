"""Screening: which findings a candidate gets under the pack that ships, and under other packs."""

from datetime import date
from typing import Any, get_args

import pytest

from services.enrollment.nominations.domain import NominatorHasNoRole, channel_of
from services.enrollment.nominations.screening import CHECKS, Candidate, screen
from shared.events.policy import ConceptAbsent, PolicyPack, parse_pack
from shared.events.policy.rules import Check
from tests.support.enrollment_world import load

PACK = load("2022-2023")
SOUND = Candidate(
    today=date(2022, 12, 1),
    attributes={
        "target_group": "leading_sme",
        "size_class": "medium",
        "industry_section": "C",
        "department": "330000",
    },
    post="总经理",
    evidence=frozenset({"growth", "innovation", "leading_position", "manager_post"}),
    declarations=frozenset(),
    enterprise_confirmed=True,
    tier_expires_on=None,
    counted_elsewhere=False,
    second_enrolment_reason=None,
)


def codes(candidate: Candidate, pack: PolicyPack = PACK) -> set[tuple[str, str, str]]:
    return {(one.code, one.severity, one.pointer) for one in screen(candidate, pack)}


def with_checks(*checks: dict[str, Any]) -> PolicyPack:
    """Change the eligibility of the shipped pack."""
    document = PACK.document()
    document["eligibility"] = [
        {"zh": "不符", "en": "Does not fit", "decision": ["P3"], **check} for check in checks
    ]
    return parse_pack(document)


def test_a_sound_candidate_has_no_finding():
    assert not codes(SOUND)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"document_faults": ("document_form",)}, ("identity_document", "error", "/person/document/number")),
        ({"uscc_faults": ("uscc_form",)}, ("credit_code", "error", "/enterprise_uscc")),
        (
            {"remarks": ("document_region_retired",)},
            ("document_region_retired", "remark", "/person/document/number"),
        ),
        ({"enterprise_confirmed": False}, ("home_department", "warning", "/enterprise_uscc")),
        ({"tier_expires_on": date(2022, 11, 30)}, ("tier_in_force", "warning", "/enterprise_uscc")),
        ({"counted_elsewhere": True}, ("second_enrolment", "warning", "/second_enrolment_reason")),
        (
            {"attributes": {**SOUND.attributes, "size_class": "large"}},
            ("size_class", "warning", "/enterprise_uscc"),
        ),
        ({"evidence": SOUND.evidence - {"growth"}}, ("evidence", "warning", "/evidence/growth")),
    ],
)
@pytest.mark.clause("C09", "C10", "C28", "C35", "Q7")
def test_what_is_wrong_is_found_with_its_severity_and_place(
    change: dict[str, Any], found: tuple[str, str, str]
):
    assert codes(SOUND._replace(**change)) == {found}


def test_a_finding_says_who_can_put_it_right():
    wrong = SOUND._replace(enterprise_confirmed=False, post="", evidence=frozenset({"growth"}))
    fixed_by = {one.code: one.fixed_by for one in screen(wrong, PACK)}
    assert fixed_by.pop("home_department") == "department"
    assert set(fixed_by.values()) == {"submitter"}


def test_a_reason_for_a_second_class_settles_the_finding():
    assert not codes(SOUND._replace(counted_elsewhere=True, second_enrolment_reason="主题不同"))


@pytest.mark.clause("C10")
def test_each_target_group_asks_its_own_evidence():
    startup = SOUND._replace(
        attributes={**SOUND.attributes, "target_group": "startup_micro", "size_class": "micro"}
    )
    assert codes(startup._replace(evidence=frozenset({"potential", "manager_post"}))) == set()
    with pytest.raises(ConceptAbsent):
        codes(startup)


def test_a_pack_may_demand_an_attribute_and_a_post():
    pack = with_checks(
        {
            "code": "industry",
            "check": "attribute_in",
            "severity": "error",
            "params": {"attribute": "industry_section", "in": ["I"]},
        },
        {"code": "post", "check": "post_in", "severity": "warning", "params": {"in": ["董事长", "总经理"]}},
    )
    assert codes(SOUND, pack) == {("industry", "error", "/enterprise_uscc")}
    assert ("post", "warning", "/person/post") in codes(SOUND._replace(post="顾问"), pack)


def test_a_pack_may_rule_an_attribute_out():
    barred = {"attribute": "industry_section", "in": ["K"]}
    pack = with_checks(
        {"code": "landlords", "check": "attribute_not_in", "severity": "error", "params": barred}
    )
    assert not codes(SOUND, pack)
    landlord = SOUND._replace(attributes={**SOUND.attributes, "industry_section": "K"})
    assert codes(landlord, pack) == {("landlords", "error", "/enterprise_uscc")}


def test_a_check_that_is_off_finds_nothing():
    pack = with_checks({"code": "document", "check": "identity_document_valid", "severity": "off"})
    assert not codes(SOUND._replace(document_faults=("document_form",)), pack)


def test_every_check_that_a_pack_may_name_is_known():
    assert set(CHECKS) == set(get_args(Check))


@pytest.mark.clause("C34")
def test_the_channel_follows_from_who_nominates():
    selectors = frozenset({"lead"})
    common: dict[str, Any] = {"home_department_id": "home", "selectors": selectors, "class_id": "c"}
    told = {"department": "department_recommended", "institution": "institution_selected"}
    for kind, organisation in (("department", "home"), ("institution", "lead")):
        found = channel_of(PACK.channels, kind=kind, organisation_id=organisation, **common)
        assert found == told[kind]
    strangers = (("department", "other"), ("institution", "home"), ("bureau", None), ("evaluator", "lead"))
    for kind, organisation in strangers:
        with pytest.raises(NominatorHasNoRole):
            channel_of(PACK.channels, kind=kind, organisation_id=organisation, **common)


@pytest.mark.clause("C34")
def test_a_pack_may_name_channels_of_its_own_and_who_is_entitled_to_them():
    named = {"zh": "推荐", "en": "Listed", "source": "X 一"}
    chamber = {"code": "chamber_listed", "used_by": ["service_body"], "basis": "class_role", **named}
    home = {"code": "home_listed", "used_by": ["department"], "basis": "home_department", **named}
    pack = parse_pack({**PACK.document(), "channels": [chamber, home]})
    common: dict[str, Any] = {
        "home_department_id": "home",
        "selectors": frozenset({"chamber", "home", "elsewhere"}),
        "class_id": "c",
    }
    for kind, one in (("service_body", "chamber"), ("department", "home")):
        found = channel_of(pack.channels, kind=kind, organisation_id=one, **common)
        assert found == f"{one}_listed"
    with pytest.raises(NominatorHasNoRole):
        channel_of(pack.channels, kind="department", organisation_id="elsewhere", **common)
