"""How every named refusal of this service is answered: the subjects' tables, and what they share."""

from services.enrollment.activities.errors import ERRORS as ACTIVITIES
from services.enrollment.assessments.errors import ERRORS as ASSESSMENTS
from services.enrollment.completion.errors import ERRORS as COMPLETION
from services.enrollment.consents.errors import ERRORS as CONSENTS
from services.enrollment.disclosures.errors import ERRORS as DISCLOSURES
from services.enrollment.duplicates.errors import ERRORS as DUPLICATES
from services.enrollment.enrolments.errors import ERRORS as ENROLMENTS
from services.enrollment.enterprises.errors import ERRORS as ENTERPRISES
from services.enrollment.erasures.errors import ERRORS as ERASURES
from services.enrollment.imports.errors import ERRORS as IMPORTS
from services.enrollment.learning.errors import ERRORS as LEARNING
from services.enrollment.nominations.errors import ERRORS as NOMINATIONS
from services.enrollment.online.errors import ERRORS as ONLINE
from services.enrollment.personal.errors import ERRORS as PERSONAL
from services.enrollment.plan import (
    CallerDoesNotRunClass,
    ClassUnknown,
    CycleClosed,
    CycleUnknown,
    RevisionUnknown,
)
from services.enrollment.progress.errors import ERRORS as PROGRESS
from services.enrollment.rosters.errors import ERRORS as ROSTERS
from shared.events.policy import ConceptAbsent
from shared.problems import Fault, Faults

ERRORS: Faults = {
    ClassUnknown: Fault(404, "没有班次 {class_id}。", "There is no class {class_id}.", "caller"),
    CycleUnknown: Fault(404, "没有周期 {cycle_id}。", "There is no cycle {cycle_id}.", "caller"),
    CycleClosed: Fault(409, "周期 {cycle_id} 已经结束。", "The cycle {cycle_id} is closed.", "nobody"),
    RevisionUnknown: Fault(
        404,
        "尚未收到周期 {cycle_id} 政策包的第 {revision} 次修订。",
        "The revision {revision} of the policy pack of {cycle_id} has not arrived yet.",
        "operator",
    ),
    CallerDoesNotRunClass: Fault(
        403,
        "此操作须由班次 {class_id} 的牵头机构或报送部门进行。",
        "This is for the lead of class {class_id}, or for the department that filed it.",
        "caller",
    ),
    ConceptAbsent: Fault(
        422,
        "本周期的政策包没有 {concept} “{code}”。",
        "The policy pack of this cycle has no {concept} “{code}”.",
        "submitter",
    ),
    **ENTERPRISES,
    **ENROLMENTS,
    **NOMINATIONS,
    **IMPORTS,
    **ROSTERS,
    **LEARNING,
    **ONLINE,
    **ASSESSMENTS,
    **COMPLETION,
    **ACTIVITIES,
    **PERSONAL,
    **PROGRESS,
    **DISCLOSURES,
    **CONSENTS,
    **DUPLICATES,
    **ERASURES,
}
