"""How the refusals of online hours are answered."""

from services.enrollment.online import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.StatementMalformed: Fault(
        422,
        "语句的 {member} 缺失或不合规范。",
        "The member {member} of the statement is missing or is not what xAPI asks.",
        "submitter",
    ),
    domain.VerbNotCounted: Fault(
        422,
        "语句的动词不表示学习；计入的动词：{counted}。",
        "The verb of the statement says nothing of learning; these count: {counted}.",
        "submitter",
        "/verb/id",
    ),
    domain.LearnerUnknown: Fault(
        422,
        "班次 {class_id} 没有此编号的学员。",
        "Class {class_id} has no trainee of this id.",
        "submitter",
    ),
    domain.LearntOutsideClass: Fault(
        422,
        "学习时间须自班次开始的 {starts_on} 起，且不晚于当前时间。",
        "What is learnt for the class is learnt from its start on {starts_on}, and not in the future.",
        "submitter",
    ),
    domain.OnlineRecordDiffers: Fault(
        409,
        "同一编号的学习记录已经登记，内容不同。",
        "A record of this id is counted already, with other content.",
        "submitter",
    ),
}
