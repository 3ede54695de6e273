"""How the refusals of activities are answered."""

from services.enrollment.activities import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ActivityNotFound: Fault(
        404, "没有活动 {activity_id}。", "There is no activity {activity_id}.", "caller"
    ),
    domain.ActivityStateForbids: Fault(
        409,
        "活动 {activity_id} 处于 {state} 状态，不能进行此操作。",
        "Activity {activity_id} is {state}; this cannot be done in that state.",
        "organisation",
    ),
    domain.ActivityNotBegun: Fault(
        409,
        "活动将于 {starts_on} 开始，此前不能登记为已举办。",
        "The activity begins on {starts_on}; it cannot have been held before.",
        "submitter",
    ),
    domain.ActivityEndsBeforeStart: Fault(
        422,
        "活动止于 {ends_on}，早于开始日期 {starts_on}。",
        "The activity ends on {ends_on}, before it starts on {starts_on}.",
        "submitter",
        "/ends_on",
    ),
    domain.PlaceUnknown: Fault(
        422,
        "没有编号为 {department_id} 的主管部门。",
        "No department has the id {department_id}.",
        "submitter",
        "/place_department_id",
    ),
    domain.HostIndustryMissing: Fault(
        422,
        "跨行业交流须写明接待方所属行业门类。",
        "An exchange across industries says in which section of industry its host is.",
        "submitter",
        "/host_industry_section",
    ),
    domain.HomeUnknown: Fault(
        422,
        "没有编号为 {department_id} 的主管部门。",
        "No department has the id {department_id}.",
        "submitter",
        "/legacy/department_id",
    ),
    domain.CertificateUnknown: Fault(
        404,
        "没有可供报名的此号证书。",
        "There is no certificate of this number that you may register.",
        "submitter",
        "/certificate_number",
    ),
    domain.CertificateNotLegacy: Fault(
        422,
        "此号证书由本平台颁发，请以 certificate_number 报名。",
        "The platform issued this certificate; register it by `certificate_number`.",
        "submitter",
        "/legacy/certificate_number",
    ),
    domain.EnrolmentWithdrawn: Fault(
        409,
        "学员 {enrolment_id} 已退出其班次。",
        "Enrolment {enrolment_id} is withdrawn from its class.",
        "submitter",
        "/enrolment_id",
    ),
    domain.GraduatesOnly: Fault(
        409,
        "{kind} 类活动只面向结业学员：须有证书或已确认的结业。",
        "Activities of the kind {kind} are for graduates: a certificate or a confirmed completion is needed.",
        "submitter",
    ),
    domain.NothingCrossed: Fault(
        422,
        "交流须跨越 {crosses}：学员与接待方的 {crosses} 须已知且不同。",
        "This is an exchange across {crosses}: that of the home and that of the host are known and differ.",
        "submitter",
    ),
    domain.ParticipantRepeated: Fault(
        409,
        "该人员已报名此活动，或在本次请求中出现不止一次。",
        "The person is registered for this activity already, or stands more than once in this request.",
        "submitter",
    ),
    domain.ParticipantNotFound: Fault(
        404,
        "没有可供查看的参加者 {participant_id}。",
        "There is no participant {participant_id} that you may see.",
        "caller",
    ),
    domain.ParticipantNotRegistered: Fault(
        409,
        "参加者 {participant_id} 的状态为 {state}。",
        "Participant {participant_id} is {state}.",
        "submitter",
    ),
}
