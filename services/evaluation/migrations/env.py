"""What Alembic runs for this service; `shared/migrate.py` says how."""

import services.evaluation.models  # noqa: F401 - brings its tables into the metadata
from services.evaluation.tables import Row
from shared.migrate import run

run(Row.metadata)
