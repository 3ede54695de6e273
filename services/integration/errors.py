"""Every named refusal of this service, with its status, its sentences and who can mend it."""

from services.integration.domain import FeedScopeChanged
from shared.problems import Fault, Faults

ERRORS: Faults = {
    FeedScopeChanged: Fault(
        410,
        "贵方可见的范围已随政策包变化，请不带 after 从头读取。",
        "What you may see has changed with a policy pack; begin anew without `after`.",
        "caller",
    ),
}
