"""How the refusals of imports are answered."""

from services.enrollment.imports.domain import (
    ImportNotChecked,
    ImportNotFound,
    ImportOver,
    MarkingFailed,
    UploadEmpty,
    UploadErased,
)
from shared.problems import Fault, Faults

ERRORS: Faults = {
    ImportNotFound: Fault(404, "没有导入 {import_id}。", "There is no import {import_id}.", "caller"),
    ImportNotChecked: Fault(
        409,
        "只有已检查且未写入的导入可以写入，现为 {status}。",
        "An import is committed once it is checked and not yet over; it is {status}.",
        "caller",
    ),
    ImportOver: Fault(409, "导入已经结束（{status}）。", "The import is over ({status}).", "nobody"),
    UploadEmpty: Fault(422, "请求没有文件。", "The request has no file.", "caller"),
    MarkingFailed: Fault(
        409,
        "文件无法打开，不能标注；问题见导入 {import_id} 的报告。",
        "The file cannot be opened to be marked; the report of import {import_id} says what is wrong.",
        "submitter",
    ),
    UploadErased: Fault(
        410,
        "文件保存期已满，已被删除；请重新上传。",
        "The file was erased when its time was over; upload it again.",
        "caller",
    ),
}
