"""Screening: the checks that the pack names, over plain values, with a finding for each that fails.

The pack says which checks run, for whom and how grave they are; what each one looks at stands here.
Text of a finding: what is wrong with this candidate if the check knows, else the pack's own words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from services.enrollment.findings import Finding
from shared.events.policy import ConceptAbsent, EligibilityCheck, PolicyPack, Term, Word

Miss = tuple[str, tuple[str, str] | None]
"""A JSON pointer to what fails a check, and more exact words for it in Chinese and English."""

Words = tuple[str, str]


class Candidate(NamedTuple):
    """What screening looks at. `attributes` are named as in the pack; faults are codes of identifiers."""

    today: date
    attributes: Mapping[str, str | None]
    post: str
    evidence: frozenset[str]
    declarations: frozenset[str]
    enterprise_confirmed: bool
    tier_expires_on: date | None
    counted_elsewhere: bool
    second_enrolment_reason: str | None
    uscc_faults: tuple[str, ...] = ()
    document_faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def target_group(self) -> str:
        return self.attributes["target_group"] or ""


def screen(candidate: Candidate, pack: PolicyPack) -> list[Finding]:
    """Run the pack's checks; raises ConceptAbsent for a word that the cycle does not have."""
    _check_words("evidence", candidate.evidence, pack.target_group(candidate.target_group).evidence)
    _check_words("declaration", candidate.declarations, pack.declarations)
    found = [_remark(code) for code in candidate.remarks]
    for check in pack.eligibility:
        if check.severity == "off" or check.target_group not in {None, candidate.target_group}:
            continue
        for pointer, words in CHECKS[check.check](candidate, check, pack):
            zh, en = words or (check.zh, check.en)
            finding = Finding(
                code=check.code,
                severity=check.severity,
                pointer=pointer,
                fixed_by="department" if check.check in OF_THE_RECORD else "submitter",
                zh=zh,
                en=en,
            )
            found.append(finding)
    return found


def _check_words(concept: str, given: frozenset[str], known: Iterable[Word | Term]) -> None:
    for code in sorted(given - {word.code for word in known}):
        raise ConceptAbsent(concept, code)


def name_differs() -> Finding:
    """Warn that the document is on record under another name: one of the two is mistyped."""
    return Finding(
        code="name_differs_from_record",
        severity="warning",
        pointer="/person/name",
        zh="该证件已以另一姓名登记，请核对姓名；登记的姓名不变",
        en="This document is on record under another name, which stays; check the name",
    )


def _credit_code(candidate: Candidate, _check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    for code in candidate.uscc_faults:
        yield "/enterprise_uscc", FAULTS.get(code)


def _document(candidate: Candidate, _check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    for code in candidate.document_faults:
        yield "/person/document/number", FAULTS.get(code)


def _size_class(candidate: Candidate, _check: EligibilityCheck, pack: PolicyPack) -> Iterator[Miss]:
    allowed = pack.target_group(candidate.target_group).size_classes
    if allowed and candidate.attributes["size_class"] not in allowed:
        yield "/enterprise_uscc", None


def _evidence(candidate: Candidate, _check: EligibilityCheck, pack: PolicyPack) -> Iterator[Miss]:
    for word in pack.target_group(candidate.target_group).evidence:
        if word.code not in candidate.evidence:
            yield f"/evidence/{word.code}", (f"缺少佐证：{word.zh}", f"Evidence is missing: {word.en}")


def _declarations(candidate: Candidate, _check: EligibilityCheck, pack: PolicyPack) -> Iterator[Miss]:
    for one in pack.declarations:
        asked = one.required and one.target_group in {None, candidate.target_group}
        if asked and one.code not in candidate.declarations:
            yield "/declarations", (f"缺少声明：{one.zh}", f"A declaration is missing: {one.en}")


def _home_department(candidate: Candidate, _check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    if not candidate.enterprise_confirmed:
        yield "/enterprise_uscc", None


def _tier(candidate: Candidate, _check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    if candidate.tier_expires_on is not None and candidate.tier_expires_on < candidate.today:
        yield "/enterprise_uscc", None


def _second_enrolment(candidate: Candidate, _check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    if candidate.counted_elsewhere and not candidate.second_enrolment_reason:
        yield "/second_enrolment_reason", None


def _attribute_in(candidate: Candidate, check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    wanted = check.params
    if wanted and wanted.attribute and candidate.attributes.get(wanted.attribute) not in wanted.values:
        yield "/enterprise_uscc" if wanted.attribute != "target_group" else "/target_group", None


def _attribute_not_in(candidate: Candidate, check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    wanted = check.params
    if wanted and wanted.attribute and candidate.attributes.get(wanted.attribute) in wanted.values:
        yield "/enterprise_uscc" if wanted.attribute != "target_group" else "/target_group", None


def _post_in(candidate: Candidate, check: EligibilityCheck, _pack: PolicyPack) -> Iterator[Miss]:
    if check.params and not any(word in candidate.post for word in check.params.values):
        yield "/person/post", None


CHECKS: Mapping[str, Callable[[Candidate, EligibilityCheck, PolicyPack], Iterator[Miss]]] = {
    "credit_code_valid": _credit_code,
    "identity_document_valid": _document,
    "size_class_fits": _size_class,
    "evidence_given": _evidence,
    "declarations_given": _declarations,
    "home_department": _home_department,
    "tier_in_force": _tier,
    "second_enrolment_reasoned": _second_enrolment,
    "attribute_in": _attribute_in,
    "attribute_not_in": _attribute_not_in,
    "post_in": _post_in,
}

OF_THE_RECORD = frozenset({"home_department", "tier_in_force"})
"""Checks of what the home department alone can put right, in its record of the enterprise."""

FAULTS: Mapping[str, Words] = {
    "document_form": ("证件号码的格式不符", "The document number does not have the form of its kind"),
    "document_first_generation": (
        "一代身份证号码（15 位）已失效，请填写 18 位号码",
        "Numbers of 15 digits are no longer valid; give the one of 18",
    ),
    "document_check_character": (
        "证件号码的校验码不符，请核对",
        "The check character of the document number does not fit",
    ),
    "document_birth_date": (
        "证件号码中的出生日期不存在",
        "The birth date in the document number does not exist",
    ),
    "document_birth_date_ahead": (
        "证件号码中的出生日期晚于今天",
        "The birth date in the document number lies in the future",
    ),
    "document_issuer": (
        "护照须填写签发国（三位字母代码）",
        "A passport needs its issuing state (three letters)",
    ),
    "document_region_retired": (
        "证件号码的地区代码已撤销（首次登记时有效，无须更改）",
        "The region of the document number is retired; it was valid when first registered",
    ),
    "document_region_unknown": (
        "证件号码的地区代码不在列表中，请核对",
        "The region of the document number is in no list",
    ),
    "uscc_region_retired": ("统一社会信用代码的地区代码已撤销", "The region of the credit code is retired"),
    "uscc_region_unknown": (
        "统一社会信用代码的地区代码不在列表中",
        "The region of the credit code is in no list",
    ),
    "uscc_category": (
        "统一社会信用代码不是企业的（以 91 开头），请核对单位性质",
        "The credit code is not that of an enterprise, which begins with 91; check what the body is",
    ),
    "uscc_organisation_code": (
        "统一社会信用代码内的主体标识码校验不符",
        "The organisation code inside the credit code does not check",
    ),
}
"""What the codes of `identifiers` mean for who reads a finding."""


def _remark(code: str) -> Finding:
    zh, en = FAULTS.get(code, (code, code))
    pointer = "/enterprise_uscc" if code.startswith("uscc") else "/person/document/number"
    return Finding(code=code, severity="remark", pointer=pointer, zh=zh, en=en)
