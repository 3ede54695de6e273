"""Damaged files: every fault that a spreadsheet makes is reported at its cell, and nothing else is."""

import csv
import os
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.enrollment.imports.places import place_of
from services.enrollment.reference import region_status
from tests.support.nominees import Plan, card, uscc
from tests.support.sheets import Desk, as_bytes, as_csv, columns_in, desk_of, fill, trainee

SHARED = Path(os.environ.get("LINGJUN_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
Letters = dict[str, str]
Damage = Callable[[Worksheet, Letters], set[tuple[str, str]]]


@pytest.fixture
def desk(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(plan, plan.zhejiang, monkeypatch)


def set_cell(key: str, value: Any, *codes: str) -> Damage:
    """Spoil the cell of a column in line 3; these codes are then to be found there."""

    def damage(sheet: Worksheet, at: Letters) -> set[tuple[str, str]]:
        cell = f"{at[key]}3"
        sheet[cell] = value
        return {(cell, code) for code in codes}

    return damage


def merge(sheet: Worksheet, at: Letters) -> set[tuple[str, str]]:
    places = [f"{at['post']}4", f"{at['post']}5"]
    sheet.merge_cells(f"{places[0]}:{places[1]}")
    return {(place, "merged_cells") for place in places}


def hide(sheet: Worksheet, _at: Letters) -> set[tuple[str, str]]:
    sheet.row_dimensions[6].hidden = True
    return {("A6", "row_hidden")}


def blank(sheet: Worksheet, at: Letters) -> set[tuple[str, str]]:
    for letters in at.values():
        sheet[f"{letters}7"] = None
    return {("A7", "blank_line")}


def twice(sheet: Worksheet, at: Letters) -> set[tuple[str, str]]:
    cell = f"{at['document_number']}9"
    sheet[cell] = sheet[f"{at['document_number']}8"].value
    return {(cell, "person_repeated")}


DAMAGES: dict[str, Damage] = {
    "an id that became a quantity": set_cell("document_number", 110105199003074000, "digits_lost"),
    "an id in scientific form": set_cell("document_number", "1.10105E+17", "digits_lost"),
    "a permit without its zeros": set_cell("document_number", 1234567, "leading_zeros_lost"),
    "full-width digits": set_cell("phone", "１３９００００００００", "full_width"),
    "stray spaces in an id": set_cell("document_number", f" {card(2)[:6]} {card(2)[6:]}", "stray_spaces"),
    "stray spaces in a word": set_cell("post", " 总经理 ", "stray_spaces"),
    "a formula": set_cell("employees", "=100+100", "formula"),
    "a word for a number": set_cell("revenue_wan", "三千万", "number_unreadable"),
    "half a person": set_cell("employees", 200.5, "number_unreadable"),
    "an unknown choice": set_cell("target_group", "其他", "choice_unknown"),
    "nothing where something must be": set_cell("name", None, "value_missing"),
    "a wrong check character": set_cell(
        "document_number", card(2)[:-1] + ("0" if card(2)[-1] != "0" else "1"), "identity_document"
    ),
    "no phone": set_cell("phone", "电话", "phone_form"),
    "an unknown enterprise with a wrong code": set_cell("uscc", uscc(77)[:-1] + "A", "uscc_check_character"),
    "missing evidence": set_cell("evidence.growth", None, "evidence"),
    "evidence of another group": set_cell("evidence.potential", "有", "word_of_other_group"),
    "merged cells": merge,
    "a hidden row": hide,
    "a blank line": blank,
    "the same person twice": twice,
}


OF_REAL_ROWS: dict[str, set[str]] = {
    "old_13_digit_registration_number": {"uscc_length"},
    "old_15_digit_registration_number": {"uscc_length"},
    "length": {"uscc_length"},
    "uscc_check_digit": {"uscc_check_character"},
    "organisation_code_check_digit": {"uscc_organisation_code"},
    "region_digits_not_in_gb2260": {"uscc_region_unknown"},
    "prefix_12": {"uscc_category"},
    "prefix_52": {"uscc_category"},
    "prefix_92_individual_business_on_a_company": {"uscc_category"},
    "prefix_93": {"uscc_category"},
    "same_name_several_uscc": set(),
}
"""What is to be said at the credit code of each defect; one of the name is told at the name."""


async def template(desk: Desk, lines: int = 12) -> tuple[Workbook, Letters]:
    empty = await desk.template()
    letters = columns_in(empty)
    rows = [desk.words(trainee(number)) for number in range(1, lines + 1)]
    return fill(empty, rows, letters), letters


async def test_a_template_that_is_filled_in_well_has_no_finding(desk: Desk):
    book, _ = await template(desk)
    told = await desk.upload(as_bytes(book))
    assert await desk.findings(told["id"]) == set()
    assert told["counts"] == {"sound": 12}


@pytest.mark.parametrize("name", DAMAGES)
async def test_a_fault_is_reported_at_its_cell_and_nothing_else_is(desk: Desk, name: str):
    book, letters = await template(desk)
    due = DAMAGES[name](book.worksheets[0], letters)
    told = await desk.upload(as_bytes(book))
    assert await desk.findings(told["id"]) == due


@pytest.mark.parametrize("seed", range(5))
async def test_mixed_faults_are_each_reported_at_their_cell(desk: Desk, seed: int):
    structural = {merge, hide, blank, twice}
    of_a_cell = [damage for damage in DAMAGES.values() if damage not in structural]
    book, letters = await template(desk)
    sheet = book.worksheets[0]
    due: set[tuple[str, str]] = set()
    for damage in (random.Random(seed).choice(of_a_cell), *structural):
        due |= damage(sheet, letters)
    told = await desk.upload(as_bytes(book))
    assert await desk.findings(told["id"]) == due


@pytest.mark.parametrize(
    "day", ["2023-01-05", "2023/1/5", "2023.1.5", "20230105", "2023年1月5日", 44931, 20230105]
)
async def test_a_date_is_read_in_every_form_that_clerks_write(desk: Desk, day: object):
    book, letters = await template(desk, 1)
    tier = {"tier": "specialised", "tier_number": "Z-1", "tier_recognised_on": day, "tier_edition": "2022"}
    new = desk.words(trainee(1, enterprise=50, **tier))
    for key, value in new.items():
        book.worksheets[0][f"{letters[key]}2"] = value
    told = await desk.upload(as_bytes(book), dry_run="false")
    assert told["counts"] == {"nominated": 1}
    found = (await desk.plan.get(desk.plan.bureau, "/v1/enterprises", uscc=uscc(50))).json()["items"]
    assert found[0]["tier"]["recognised_on"] == "2023-01-05"


async def test_columns_may_be_moved_and_strangers_stand_among_them(desk: Desk):
    rows = [trainee(1), trainee(2)]
    keys = list(rows[0])
    keys[0], keys[1] = keys[1], keys[0]
    told = await desk.upload(as_csv([{**row, "备注": "x"} for row in rows], keys=[*keys, "备注"]))
    found = await desk.findings(told["id"])
    assert found == {("A1", "columns_moved"), ("B1", "columns_moved"), ("P1", "column_unknown")}
    assert told["counts"] == {"sound": 2}


async def test_another_workbook_an_old_template_and_one_of_another_class_are_refused(desk: Desk):
    other = Workbook()
    other.worksheets[0]["A1"] = "合同"
    assert await refused(desk, as_bytes(other)) == {("A1", "wrong_workbook")}
    book, _ = await template(desk)
    book["_lingjun"]["B1"] = "0"
    assert await refused(desk, as_bytes(book)) == {("A1", "template_outdated")}
    book, _ = await template(desk)
    book["_lingjun"]["B3"] = "someone else's"
    assert await refused(desk, as_bytes(book)) == {("A1", "template_of_other_class")}
    book, letters = await template(desk)
    book.worksheets[0].delete_cols(place_of(f"{letters['name']}1")[0] + 1)
    assert ("A1", "column_missing") in await refused(desk, as_bytes(book))
    assert await refused(desk, (await desk.template())) == {("A1", "no_rows")}


async def refused(desk: Desk, content: bytes) -> set[tuple[str, str]]:
    told = await desk.upload(content)
    assert told["status"] == "refused", told
    return await desk.findings(told["id"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
async def test_csv_is_read_in_every_encoding_that_clerks_save(desk: Desk, encoding: str):
    told = await desk.upload(as_csv([trainee(1, post="董事长")], encoding))
    assert told["counts"] == {"sound": 1}
    assert told["format"] == "csv"


def bomb(reference: str) -> bytes:
    """Make a small workbook whose one cell lies as far away as a sheet goes."""
    book = Workbook()
    book.worksheets[0]["A1"] = 1
    written = BytesIO()
    with ZipFile(BytesIO(as_bytes(book))) as archive, ZipFile(written, "w", ZIP_DEFLATED) as copy:
        for one in archive.namelist():
            content = archive.read(one)
            if one.endswith("sheet1.xml"):
                content = content.replace(b'r="A1"', f'r="{reference}"'.encode())
            copy.writestr(one, content)
    return written.getvalue()


def inflated() -> bytes:
    """Make a small archive that unpacks to more than a machine should hold."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(450 * 1024 * 1024))
    return written.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a cell in the last corner": (lambda: bomb("XFD1048576"), "workbook_too_large"),
    "a cell far below": (lambda: bomb("A1048576"), "rows_too_many"),
    "a zip bomb": (inflated, "workbook_too_large"),
    "half a zip": (lambda: bomb("A1")[:700], "workbook_unreadable"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook_old_format"),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "encoding_unknown"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_and_the_worker_lives(desk: Desk, name: str):
    make, code = HOSTILE[name]
    assert {found for _, found in await refused(desk, make())} == {code}
    assert (await desk.upload(as_csv([trainee(1)])))["status"] == "checked"


async def test_nobody_is_known_by_the_report(desk: Desk):
    told = await desk.upload(as_csv([trainee(1, document_number=card(1) + "9", name="演练甲乙")]))
    rows = await desk.rows(told["id"])
    assert card(1) not in str(rows)
    assert "演练甲乙" not in str(rows)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder with the real companies is not here")
async def test_every_defect_of_real_rows_is_reported_at_its_cell_and_nothing_else_is(desk: Desk):
    with (SHARED / "enterprises_dirty.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    rows = [
        {**trainee(number), "uscc": one["uscc_as_found"], "enterprise_name": one["name"]}
        for number, one in enumerate(found, 1)
    ]
    due: set[tuple[str, str]] = set()
    names: set[str] = set()
    for line, one in enumerate(found, 2):
        codes = OF_REAL_ROWS[one["defect"]]
        well_formed = not codes & {"uscc_length", "uscc_check_character"}
        if well_formed and (region := region_status(one["uscc_as_found"][2:8])) != "current":
            codes = codes | {f"uscc_region_{region}"}
        due |= {(f"B{line}", code) for code in codes}
        name = one["name"].replace("（", "(").replace("）", ")")
        if well_formed and name in names:
            due.add((f"A{line}", "enterprise_name_shared"))
        names |= {name} if well_formed else set()
    assert {one["defect"] for one in found} == OF_REAL_ROWS.keys()
    assert sum(code == "enterprise_name_shared" for _, code in due) > 5
    told = await desk.upload(as_csv(rows))
    assert await desk.findings(told["id"]) == due
