"""How the refusals of sessions and attendance are answered."""

from services.enrollment.learning import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.SessionNotFound: Fault(
        404,
        "没有可供查看的课次 {session_id}。",
        "There is no session {session_id} that you may see.",
        "caller",
    ),
    domain.ClassNotTeaching: Fault(
        409,
        "班次 {class_id} 处于 {state} 状态，不能进行此操作。",
        "Class {class_id} is {state}; this cannot be done in that state.",
        "organisation",
    ),
    domain.SessionOutsideClass: Fault(
        422,
        "课次须在班期 {starts_on} 至 {ends_on} 之内。",
        "A session lies within the class, {starts_on} to {ends_on}.",
        "submitter",
        "/starts_at",
    ),
    domain.SessionRepeated: Fault(
        409,
        "本班在同一时间已有同名课次。",
        "The class already has a session of this title at this time.",
        "submitter",
        "/title",
    ),
    domain.VisitNotPlanned: Fault(
        422,
        "班次 {class_id} 的培训方案没有第 {number} 次参观。",
        "The plan of class {class_id} has no visit {number}.",
        "submitter",
        "/planned_visit",
    ),
    domain.SessionNotBegun: Fault(
        409,
        "课次将于 {starts_at} 开始，此前不能登记出勤。",
        "The session begins at {starts_at}; attendance cannot be recorded before.",
        "submitter",
    ),
    domain.EnrolmentNotOfClass: Fault(
        422,
        "班次 {class_id} 没有学员 {enrolment_id}。",
        "Class {class_id} has no enrolment {enrolment_id}.",
        "submitter",
        "/enrolment_id",
    ),
    domain.EnrolmentClosed: Fault(
        409,
        "学员 {enrolment_id} 的状态为 {state}，其学习记录不再变更。",
        "Enrolment {enrolment_id} is {state}; its learning record no longer changes.",
        "nobody",
        "/enrolment_id",
    ),
    domain.EnrolmentRepeated: Fault(
        409,
        "本次请求中学员 {enrolment_id} 出现不止一次。",
        "Enrolment {enrolment_id} stands more than once in this request.",
        "caller",
        "/enrolment_id",
    ),
    domain.CheckInNotOpen: Fault(
        409,
        "课次 {session_id} 未开放签到，或签到时间已过。",
        "The check-in of session {session_id} is not open, or its time is over.",
        "organisation",
    ),
    domain.CheckInTriesSpent: Fault(
        429,
        "课次 {session_id} 的签到码输错次数过多，{retry_after} 秒内不再受理；请由组织者登记出勤。",
        "Too many wrong codes for session {session_id}; none is taken for {retry_after} s, the organiser "
        "records the attendance.",
        "organisation",
    ),
    domain.MinutesBeyondSession: Fault(
        422,
        "课次只有 {session_minutes} 分钟。",
        "The session has only {session_minutes} minutes.",
        "submitter",
        "/minutes",
    ),
}
