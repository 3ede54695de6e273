"""How the refusals of disclosures are answered."""

from services.enrollment.disclosures import domain
from services.enrollment.persons.domain import PersonErased, PersonNotFound
from shared.problems import Fault, Faults

ERRORS: Faults = {
    PersonNotFound: Fault(
        404,
        "没有可供查看的人员 {person_id}。",
        "There is no person {person_id} that you may see.",
        "caller",
        "/person_id",
    ),
    PersonErased: Fault(
        410,
        "人员 {person_id} 的个人信息已于 {erased_at} 删除。",
        "Who person {person_id} is was erased on {erased_at}.",
        "nobody",
    ),
    domain.FullViewNotDue: Fault(
        403,
        "只有人员所属主管部门和其班次的牵头、报送机构可查看完整信息。",
        "Only the home department and who runs a class of the person may see the person in full.",
        "caller",
    ),
}
