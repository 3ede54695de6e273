"""Identifiers: the vectors of the standards, and properties that no typing habit may break."""

import csv
import json
import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from services.enrollment.identifiers import (
    DOCUMENT_KINDS,
    check_document,
    check_uscc,
    normalise,
    organisation_code_holds,
)
from services.enrollment.reference import departments, industries, region_status

TODAY = date(2022, 11, 1)
VECTORS: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "identifiers.json").read_text(encoding="utf-8")
)
SHARED = Path(os.environ.get("LINGJUN_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("vector", VECTORS["uscc"], ids=lambda vector: vector["value"])
def test_a_credit_code_in_canonical_form_is_judged_as_the_standard_says(vector: dict[str, Any]):
    checked = check_uscc(vector["value"])
    assert (checked.value == vector["value"] and not checked.faults) is vector["valid"], vector["why"]


@pytest.mark.parametrize("vector", VECTORS["organisation_code"], ids=lambda vector: vector["value"])
def test_an_organisation_code_carries_its_own_check_character(vector: dict[str, Any]):
    assert organisation_code_holds(vector["value"]) is vector["valid"]


@pytest.mark.parametrize("vector", VECTORS["citizen_id"], ids=lambda vector: vector["value"])
def test_a_resident_card_in_canonical_form_is_judged_as_the_standard_says(vector: dict[str, Any]):
    checked = check_document("resident_card", vector["value"], TODAY)
    assert (checked.value == vector["value"] and not checked.faults) is vector["valid"], vector["why"]


def test_a_failed_inner_organisation_code_is_only_a_remark():
    assert check_uscc("916301023108805868").remarks == ("uscc_organisation_code",)


@pytest.mark.parametrize(
    ("number", "remarks"),
    [
        ("110104188103150014", ("document_region_retired",)),
        ("000000188001010014", ("document_region_unknown",)),
        ("11010519491231002X", ()),
    ],
)
def test_the_area_of_first_registration_may_be_retired_or_unknown(number: str, remarks: tuple[str, ...]):
    assert check_document("resident_card", number, TODAY).remarks == remarks


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("110105491231002", "document_first_generation"),
        ("110105194912310021", "document_check_character"),
        ("110105194902300020", "document_birth_date"),
        ("110105209901010012", "document_birth_date_ahead"),
        ("11010519491231002", "document_form"),
        ("१10105194912310021", "document_form"),
    ],
)
def test_a_refused_resident_card_says_which_check_failed(number: str, fault: str):
    assert check_document("resident_card", number, TODAY).faults == (fault,)


@pytest.mark.parametrize(
    ("kind", "number", "sound"),
    [
        ("hk_macao_permit", "H12345678", True),
        ("hk_macao_permit", "m1234567800", True),
        ("hk_macao_permit", "A12345678", False),
        ("taiwan_permit", "12345678", True),
        ("taiwan_permit", "0123456789", False),
        ("passport", "E12345678", True),
        ("passport", "ABCDEFGH", False),
        ("permanent_resident_card", "USA110000000000", True),
        ("permanent_resident_card", "US1110000000000", False),
        ("residence_permit", "110105194912310021", False),
        ("library_card", "12345678", False),
    ],
)
def test_other_documents_are_checked_by_their_form(kind: str, number: str, *, sound: bool):
    assert (not check_document(kind, number, TODAY).faults) is sound


def test_a_residence_permit_of_hongkong_macao_and_taiwan_has_no_area_in_the_national_list():
    body = "83000018800101001"
    number = body + mod_11_2.calc_check_digit(body)
    checked = check_document("residence_permit", number, TODAY)
    assert (checked.faults, checked.remarks) == ((), ())


def test_a_permanent_resident_card_whose_check_character_fails_is_only_remarked():
    body = "91184018800101001"
    wrong = next(c for c in "0123456789X" if c != mod_11_2.calc_check_digit(body))
    checked = check_document("permanent_resident_card", body + wrong, TODAY)
    assert (checked.faults, checked.remarks) == ((), ("document_check_character",))


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    body = "91" + draw(st.text("0123456789", min_size=6, max_size=6))
    body += draw(st.text(USCC_ALPHABET, min_size=9, max_size=9))
    return body + uscc.calc_check_digit(body)


@given(credit_codes())
def test_a_generated_credit_code_passes_however_it_was_typed(code: str):
    full_width = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for typed in (code, code.lower(), f" {code[:9]} {code[9:]}\u3000", full_width, full_width.lower()):
        checked = check_uscc(typed)
        assert (checked.value, checked.faults) == (code, ())


@given(credit_codes(), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_any_single_wrong_character_of_a_credit_code_is_refused(code: str, place: int, other: str):
    if other != code[place]:
        assert check_uscc(code[:place] + other + code[place + 1 :]).faults


@given(
    st.dates(date(1900, 1, 1), TODAY), st.integers(1, 999), st.integers(0, 17), st.sampled_from("0123456789")
)
def test_any_single_wrong_digit_of_a_resident_card_is_refused(
    born: date, serial: int, place: int, other: str
):
    body = f"110105{born:%Y%m%d}{serial:03}"
    number = body + mod_11_2.calc_check_digit(body)
    assert check_document("resident_card", number, TODAY).faults == ()
    if other != number[place]:
        assert check_document("resident_card", number[:place] + other + number[place + 1 :], TODAY).faults


@given(st.sampled_from([*DOCUMENT_KINDS, "other"]), st.text(max_size=30))
def test_no_text_whatever_breaks_a_check_and_normalising_twice_changes_nothing(kind: str, text: str):
    assert normalise(normalise(text)) == normalise(text)
    assert check_uscc(text).value == check_document(kind, text, TODAY).value == normalise(text)


def test_the_reference_data_is_complete():
    assert len(departments()) == 37
    assert len({row.code for row in departments()}) == 37
    assert sum(1 for key, row in industries().items() if key == row.code) == 1972
    assert [region_status(code) for code in ("330200", "110104", "999999")] == [
        "current",
        "retired",
        "unknown",
    ]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real companies is not here")
def test_every_real_company_passes_the_identifier_checks():
    with (SHARED / "enterprises.csv").open(encoding="utf-8-sig", newline="") as file:
        refused = [row["uscc"] for row in csv.DictReader(file) if check_uscc(row["uscc"]).faults]
    assert refused == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real companies is not here")
def test_a_real_code_is_refused_for_its_form_or_check_character_and_for_nothing_else():
    refused = {
        "length",
        "old_13_digit_registration_number",
        "old_15_digit_registration_number",
        "uscc_check_digit",
    }
    with (SHARED / "enterprises_dirty.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["defect"] for row in rows} > refused
    assert [
        row for row in rows if bool(check_uscc(row["uscc_as_found"]).faults) != (row["defect"] in refused)
    ] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real companies is not here")
@pytest.mark.parametrize(
    ("defect", "remark"),
    [
        ("region_digits_not_in_gb2260", "uscc_region_unknown"),
        ("organisation_code_check_digit", "uscc_organisation_code"),
    ],
)
def test_a_real_code_that_is_only_odd_is_taken_with_the_remark_of_its_defect(defect: str, remark: str):
    with (SHARED / "enterprises_dirty.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["defect"] == defect]
    assert rows
    checked = [check_uscc(row["uscc_as_found"]) for row in rows]
    assert [one for one in checked if one.faults or remark not in one.remarks] == []
