"""How the refusals of personal links are answered."""

from services.enrollment.personal import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.PersonalLinkRefused: Fault(
        403,
        "个人链接无效；请向班次组织者或所在地主管部门索取新的链接。",
        "The personal link is not valid; the organiser of the class or the home department makes a new one.",
        "organisation",
    ),
    domain.PersonalLinkNotYours: Fault(
        403,
        "学员 {enrolment_id} 的个人链接由班次的牵头机构、报送部门或学员所在地主管部门发放。",
        "Links of enrolment {enrolment_id} are for who runs the class, and for the home department.",
        "caller",
    ),
    domain.PersonalLinkNotFound: Fault(
        404,
        "学员 {enrolment_id} 没有个人链接。",
        "Enrolment {enrolment_id} has no personal link.",
        "caller",
    ),
}
