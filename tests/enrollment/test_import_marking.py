"""The same file back: cells in error marked and noted, root causes in front, and all else as it was."""

import csv
import io
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from services.enrollment.imports.notes import AUTHOR
from tests.support.nominees import Plan
from tests.support.sheets import Desk, as_bytes, as_csv, columns_in, desk_of, fill, trainee

RED, YELLOW, BLUE = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7"


@pytest.fixture
def desk(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(plan, plan.zhejiang, monkeypatch)


async def filled(desk: Desk, **spoiled: object) -> tuple[Workbook, dict[str, str]]:
    """Fill in three people, and spoil cells of the second."""
    empty = await desk.template()
    letters = columns_in(empty)
    rows = [desk.words(trainee(1)), {**desk.words(trainee(2)), **spoiled}, desk.words(trainee(3))]
    return fill(empty, rows, letters), letters


async def marked(desk: Desk, content: bytes) -> tuple[Workbook, bytes]:
    told = await desk.upload(content)
    back = await desk.marked(told["id"])
    return load_workbook(BytesIO(back)), back


async def test_cells_in_error_are_marked_and_noted_and_no_others(desk: Desk):
    book, at = await filled(desk, phone="电话", post=" 总经理 ", name=None)
    back, _ = await marked(desk, as_bytes(book))
    sheet = back["学员"]
    due = {f"{at['phone']}3": RED, f"{at['name']}3": RED, f"{at['post']}3": BLUE}
    colours = {
        cell.coordinate: cell.fill.fgColor.rgb
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.patternType
    }
    assert colours == due
    noted = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert noted == due.keys()
    assert "This must be filled in" in sheet[f"{at['name']}3"].comment.text


async def test_all_that_the_clerk_wrote_stands_as_it_was(desk: Desk):
    book, at = await filled(desk, phone="电话")
    book.create_sheet("备忘")["A1"] = "请勿删除"
    sheet = book["学员"]
    sheet.column_dimensions["A"].width = 44
    sheet[f"{at['post']}2"].comment = Comment("我的批注", "张")
    before = as_bytes(book)
    back, content = await marked(desk, before)
    assert back.sheetnames == ["问题汇总", *load_workbook(BytesIO(before)).sheetnames]
    assert [[c.value for c in row] for row in back["学员"]] == [[c.value for c in row] for row in sheet]
    assert back["备忘"]["A1"].value == "请勿删除"
    assert back["学员"].column_dimensions["A"].width == 44
    assert back["学员"][f"{at['post']}2"].comment.text == "我的批注"
    assert back["学员"][f"{at['phone']}3"].comment is not None
    assert len(back["学员"].data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
    with ZipFile(BytesIO(before)) as old, ZipFile(BytesIO(content)) as new:
        kept = [name for name in old.namelist() if new.read(name) == old.read(name)]
        assert {name for name in kept if "theme" in name or "sharedStrings" in name}


async def test_root_causes_stand_in_front_the_gravest_first(desk: Desk):
    book, at = await filled(desk, phone="电话", post=" 总经理 ")
    book["学员"][f"{at['phone']}4"] = "无"
    back, _ = await marked(desk, as_bytes(book))
    causes = [[cell.value for cell in row] for row in back.worksheets[0].iter_rows(min_row=2)]
    assert [(row[0], row[3], row[4], row[6]) for row in causes] == [
        ("错误 error", "phone", "2", f"{at['phone']}3、{at['phone']}4"),
        ("说明 remark", "post", "1", f"{at['post']}3"),
    ]
    assert back.worksheets[0].title == "问题汇总"
    assert back.worksheets[0]["G2"].hyperlink.location == f"'学员'!{at['phone']}3"


async def test_a_marked_workbook_that_was_mended_comes_back_clean(desk: Desk):
    book, at = await filled(desk, phone="电话", employees="=1+1")
    back, _ = await marked(desk, as_bytes(book))
    back["学员"][f"{at['phone']}3"] = "13900000000"
    again, _ = await marked(desk, as_bytes(back))
    sheet = again["学员"]
    assert again.sheetnames.count("问题汇总") == 1
    assert sheet[f"{at['phone']}3"].fill.patternType is None
    assert sheet[f"{at['phone']}3"].comment is None
    assert sheet[f"{at['employees']}3"].fill.fgColor.rgb == RED
    assert sheet[f"{at['employees']}3"].comment.author == AUTHOR


async def test_csv_comes_back_with_a_last_column(desk: Desk):
    told = await desk.upload(as_csv([trainee(1), trainee(2, phone="x")], "gb18030"))
    rows = list(csv.reader(io.StringIO((await desk.marked(told["id"])).decode("gb18030"))))
    assert rows[0][-1] == "问题"
    assert rows[1][-1] == ""
    assert rows[2][-1].startswith("I3 电话号码")


async def test_a_file_that_cannot_be_opened_cannot_be_marked(desk: Desk):
    told = await desk.upload(b"PK\x03\x04" + bytes(400))
    answer = await desk.plan.get(desk.organisation_id, f"/v1/imports/{told['id']}/workbook")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("marking-failed")
