"""How the refusals of erasures are answered."""

from services.enrollment.erasures import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ErasureBlocked: Fault(
        409,
        "人员 {person_id} 现在不能删除，原因见 reasons。",
        "Person {person_id} cannot be erased now; the reasons are under reasons.",
        "organisation",
    ),
    domain.ErasureNotOfCaller: Fault(
        403,
        "删除请求由人员所属主管部门或司局受理。",
        "Requests to be erased are taken by a home department of the person, or by the bureau.",
        "department",
    ),
    domain.RetentionNotOfCaller: Fault(
        403,
        "保存期限由人员所属主管部门、其班次的牵头或报送机构及司局查看。",
        "How long a person is kept is for the home department, who runs a class, and the bureau.",
        "caller",
    ),
}
