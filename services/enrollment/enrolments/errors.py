"""How the refusals of enrolments are answered."""

from services.enrollment.enrolments import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ListOfNothing: Fault(
        422, "须指明 class_id 或 cycle_id。", "Name a class_id or a cycle_id.", "caller"
    ),
    domain.EnrolmentNotFound: Fault(
        404,
        "没有可供查看的学员 {enrolment_id}。",
        "There is no enrolment {enrolment_id} that you may see.",
        "caller",
    ),
    domain.ClassNotUnderWay: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态；学员只能从已核准或进行中的班次退出。",
        "Class {class_id} is {state}; trainees leave a class that is approved or running.",
        "nobody",
    ),
    domain.TraineeNotEnrolled: Fault(
        409,
        "学员 {enrolment_id} 的状态为 {state}，不能再退出。",
        "Enrolment {enrolment_id} is {state} and can no longer be withdrawn.",
        "nobody",
    ),
}
