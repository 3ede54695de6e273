"""What can be wrong with a file and with a cell: a stable code, how grave, and what to do, in two languages.

A remark or a warning leaves the row standing. Sentences may name what was expected (`{expected}`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.enrollment.findings import Severity


@dataclass(frozen=True, slots=True)
class CellFault:
    """A kind of fault, in words for who filled in the sheet."""

    severity: Severity
    zh: str
    en: str
    fixed_by: str = "submitter"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFinding:
    """A fault at its place: `cell` as the spreadsheet names it, `column` as the template does."""

    code: str
    cell: str
    column: str | None
    severity: Severity
    zh: str
    en: str
    fixed_by: str
    value: str | None = None
    expected: str | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


OF_THE_FILE: Mapping[str, CellFault] = {
    "workbook_unreadable": CellFault(
        "error",
        "文件已损坏或不是 Excel 工作簿（.xlsx）或 CSV，请重新保存后再上传",
        "The file is damaged, or neither an Excel workbook (.xlsx) nor CSV; save it anew",
    ),
    "workbook_old_format": CellFault(
        "error",
        "文件为旧版 Excel 格式（.xls）或设有打开密码，请另存为不加密的 .xlsx",
        "The file is of the old Excel format (.xls) or opens with a password; save it as .xlsx without one",
    ),
    "workbook_too_large": CellFault(
        "error",
        "工作簿展开后过大，或在很远处有单元格；请只保留数据区域后再上传",
        "The workbook is too large when opened, or has a cell far away; keep only the rows of data",
    ),
    "rows_too_many": CellFault(
        "error", "行数超过 60000，请拆分后上传", "There are more than 60,000 rows; split the file"
    ),
    "encoding_unknown": CellFault(
        "error",
        "无法识别文本编码，请另存为 UTF-8 或 GB 18030 的 CSV",
        "The encoding of the text is unknown; save it as CSV in UTF-8 or GB 18030",
    ),
    "wrong_workbook": CellFault(
        "error",
        "这不是学员导入模板：没有一个表头相符。请下载模板填写",
        "This is not the template for trainees: no heading fits. Fill in the template",
    ),
    "template_outdated": CellFault(
        "error",
        "模板版本已更新，请下载新模板（{expected}）",
        "The template is of an old version; get {expected}",
    ),
    "template_of_other_class": CellFault(
        "error",
        "此模板属于另一个班次，请使用本班次的模板",
        "The template is of another class; use the one of this class",
    ),
    "pack_revised": CellFault(
        "warning",
        "填写之后政策包已修订（现为第 {expected} 次），已按新规定检查",
        "The policy pack was revised since (now {expected}); rows are checked by the new one",
    ),
    "column_missing": CellFault("error", "缺少必填列“{expected}”", "The column “{expected}” is missing"),
    "column_repeated": CellFault(
        "error", "列“{expected}”出现了两次，请删除其一", "The column “{expected}” stands twice; delete one"
    ),
    "column_unknown": CellFault(
        "remark", "模板中没有此列，未读取", "The template has no such column; it was not read"
    ),
    "columns_moved": CellFault(
        "remark", "此列不在模板的位置，已按表头识别", "This column has moved; it was known by its heading"
    ),
    "class_takes_no_nominations": CellFault(
        "error", "班次现在不接受推荐", "The class takes no nominations now", "nobody"
    ),
    "cycle_closed": CellFault("error", "周期已经结束", "The cycle is closed", "nobody"),
    "no_rows": CellFault("error", "表头之下没有数据", "There is nothing below the headings"),
}
"""Faults of the file and of its headings."""

OF_A_CELL: Mapping[str, CellFault] = {
    "value_missing": CellFault("error", "此项必填", "This must be filled in"),
    "digits_lost": CellFault(
        "error",
        "号码被存成了数字，第 15 位之后已丢失、无法恢复；请将单元格设为文本，按证件重新输入",
        "The number was kept as a quantity and its digits after the fifteenth are gone; "
        "format the cell as text and type it again from the document",
    ),
    "leading_zeros_lost": CellFault(
        "error",
        "开头的 0 已丢失，请将单元格设为文本后重新输入",
        "Its leading zeros are gone; format the cell as text and type it again",
    ),
    "full_width": CellFault(
        "remark", "含全角字符，已转为半角", "It has full-width characters, which were read as plain ones"
    ),
    "stray_spaces": CellFault("remark", "含多余空格，已去除", "It has stray spaces, which were dropped"),
    "formula": CellFault(
        "error",
        "此格是公式；请复制后“选择性粘贴—数值”",
        "This cell is a formula; paste its value in its place",
    ),
    "merged_cells": CellFault(
        "error",
        "此格与他格合并；请取消合并并逐行填写",
        "This cell is merged with others; split it and fill in each row",
    ),
    "row_hidden": CellFault(
        "error",
        "此行被隐藏或筛掉，未导入；请取消隐藏，或删除该行",
        "This row is hidden or filtered out and was not taken; show it or delete it",
    ),
    "blank_line": CellFault("remark", "空行，已跳过", "A blank line, which was passed over"),
    "date_unreadable": CellFault(
        "error", "无法识别的日期，应为 {expected}", "This is no date; write it as {expected}"
    ),
    "number_unreadable": CellFault("error", "应为{expected}", "This should be {expected}"),
    "choice_unknown": CellFault("error", "应为其中之一：{expected}", "This should be one of: {expected}"),
    "text_refused": CellFault(
        "error", "内容过长或含不允许的字符", "It is too long or has characters that are not taken"
    ),
    "phone_form": CellFault(
        "error",
        "电话号码应为 5 至 25 位数字，可含空格、连字符和开头的 +",
        "A phone number has 5 to 25 digits, spaces or hyphens",
    ),
    "issuer_form": CellFault("error", "签发国应为三位字母代码", "The issuing state has three letters"),
    "person_repeated": CellFault(
        "error", "与第 {expected} 行是同一证件", "The document is that of line {expected}"
    ),
    "industry_unknown": CellFault(
        "error", "GB/T 4754-2017 中没有此行业代码", "GB/T 4754-2017 has no such industry"
    ),
    "uscc_length": CellFault("error", "统一社会信用代码应为 18 位", "A credit code has 18 characters"),
    "uscc_form": CellFault(
        "error", "含统一社会信用代码不用的字符", "It has characters that no credit code has"
    ),
    "uscc_check_character": CellFault(
        "error", "统一社会信用代码的校验码不符", "The check character of the credit code does not fit"
    ),
    "enterprise_differs": CellFault(
        "warning",
        "与登记的企业信息不同，未更改登记；可由所属主管部门更正",
        "It differs from the record, which stays; the home department can put it right",
        "department",
    ),
    "enterprise_stated_twice": CellFault(
        "warning",
        "与第 {expected} 行对同一企业的填写不同，以该行为准",
        "Line {expected} says otherwise, and counts",
    ),
    "enterprise_name_shared": CellFault(
        "remark",
        "与第 {expected} 行的企业同名而代码不同，请核对代码",
        "The enterprise of line {expected} has this name and another code; check the codes",
    ),
    "tier_ends_before_recognition": CellFault(
        "error", "到期日须晚于认定日", "It must end after it was recognised"
    ),
    "department_missing": CellFault(
        "error", "新企业须填写所属主管部门", "An enterprise that is new needs its home department"
    ),
    "word_of_other_group": CellFault(
        "error",
        "此项不适用于该行的培训对象类别，请留空或更改类别",
        "This does not go with the target group of the row; leave it empty or change the group",
    ),
    "nominator_has_no_role": CellFault(
        "error",
        "企业不属本部门管辖，且本单位与该班次无关，不能推荐",
        "The enterprise is not of your jurisdiction, and you have no role in the class",
    ),
}
"""Faults of cells; those that screening finds bring their own words."""


def finding(
    code: str, cell: str, column: str | None = None, *, value: str | None = None, expected: str | None = None
) -> CellFinding:
    """Make a finding of a code of these tables."""
    fault = OF_A_CELL.get(code) or OF_THE_FILE[code]
    return CellFinding(
        code=code,
        cell=cell,
        column=column,
        severity=fault.severity,
        zh=fault.zh.format(expected=expected),
        en=fault.en.format(expected=expected),
        fixed_by=fault.fixed_by,
        value=value,
        expected=expected,
    )
