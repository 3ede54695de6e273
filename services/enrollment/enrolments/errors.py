"""How the refusals of enrolments are answered."""

from services.enrollment.enrolments import domain
from shared.problems import Fault, Faults

ERRORS: Faults = {
    domain.ListOfNothing: Fault(
        422, "须指明 class_id 或 cycle_id。", "Name a class_id or a cycle_id.", "caller"
    ),
}
