"""What Alembic runs for this service; `shared/migrate.py` says how."""

import services.registry.attachments.models
import services.registry.bases.models
import services.registry.classes.models
import services.registry.clients.models
import services.registry.cycles.models
import services.registry.deadlines.models
import services.registry.designations.models
import services.registry.discipline.models
import services.registry.ledgers.models
import services.registry.liaison.models
import services.registry.news.models
import services.registry.organisations.models
import services.registry.suspensions.models  # noqa: F401 - these bring their tables into the metadata
from services.registry.tables import Row
from shared.migrate import run

run(Row.metadata)
