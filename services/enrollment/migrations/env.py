"""What Alembic runs for this service; `shared/migrate.py` says how."""

import services.enrollment.activities.models
import services.enrollment.assessments.models
import services.enrollment.completion.models
import services.enrollment.consents.models
import services.enrollment.disclosures.models
import services.enrollment.duplicates.models
import services.enrollment.enrolments.models
import services.enrollment.enterprises.models
import services.enrollment.erasures.models
import services.enrollment.imports.models
import services.enrollment.learning.models
import services.enrollment.nominations.models
import services.enrollment.online.models
import services.enrollment.parties
import services.enrollment.personal.models
import services.enrollment.persons.models
import services.enrollment.rosters.models
import services.enrollment.timelines.models  # noqa: F401 - these bring their tables into the metadata
from services.enrollment.tables import Row
from shared.migrate import run

run(Row.metadata)
