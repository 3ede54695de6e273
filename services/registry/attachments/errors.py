"""The named errors of attachments, numbered; the service's table takes them in."""

from services.registry.attachments import domain as attachments
from shared.problems import Fault, Faults

ATTACHMENT_ERRORS: Faults = {
    attachments.AttachmentUnknown: Fault(
        404, "没有附件 {attachment_id}。", "There is no attachment {attachment_id}.", "caller"
    ),
    attachments.AttachmentOwnerUnknown: Fault(
        404,
        "没有可由贵方查看附件的 {owner}。",
        "There is no {owner} whose attachments you may read.",
        "caller",
    ),
    attachments.AttachmentKindRefused: Fault(
        415,
        "文件内容不属于可接收的类型：{kinds}。",
        "The content is none of the kinds that are taken: {kinds}.",
        "submitter",
    ),
    attachments.AttachmentEmpty: Fault(422, "文件为空。", "The file is empty.", "submitter"),
    attachments.AttachmentInfected: Fault(
        422,
        "扫描发现 {finding}，文件未保存。",
        "The scan found {finding}; the file was not kept.",
        "submitter",
    ),
}
