"""The named errors of the registry, numbered: status, words in both languages, and who can mend it."""

from services.registry.attachments.errors import ATTACHMENT_ERRORS
from services.registry.bases.errors import BASE_ERRORS
from services.registry.classes.errors import CLASS_ERRORS
from services.registry.clients.errors import CLIENT_ERRORS
from services.registry.closing.errors import CLOSING_ERRORS
from services.registry.cycles.errors import CYCLE_ERRORS
from services.registry.deadlines.errors import DEADLINE_ERRORS
from services.registry.designations.errors import DESIGNATION_ERRORS
from services.registry.discipline.errors import DISCIPLINE_ERRORS
from services.registry.funds.errors import FUND_ERRORS
from services.registry.liaison.errors import LIAISON_ERRORS
from services.registry.news.errors import NEWS_ERRORS
from services.registry.organisations.errors import ORGANISATION_ERRORS
from services.registry.planning.errors import PLANNING_ERRORS
from services.registry.suspensions.errors import SUSPENSION_ERRORS
from shared.problems import Faults

ERRORS: Faults = {
    **CYCLE_ERRORS,
    **ORGANISATION_ERRORS,
    **CLIENT_ERRORS,
    **DEADLINE_ERRORS,
    **LIAISON_ERRORS,
    **DESIGNATION_ERRORS,
    **SUSPENSION_ERRORS,
    **CLASS_ERRORS,
    **PLANNING_ERRORS,
    **CLOSING_ERRORS,
    **NEWS_ERRORS,
    **FUND_ERRORS,
    **DISCIPLINE_ERRORS,
    **BASE_ERRORS,
    **ATTACHMENT_ERRORS,
}
