"""Builds the HTTP application of evaluation."""

from pathlib import Path

from fastapi import FastAPI

from services.evaluation.errors import ERRORS
from services.evaluation.routes import routes
from services.evaluation.settings import Settings
from shared.caller import StampVerifier
from shared.database import Database
from shared.web import service_app

MIGRATIONS = Path(__file__).parent / "migrations"


def build(
    settings: Settings,
    database: Database | None = None,
    *,
    stamps: StampVerifier | None = None,
) -> FastAPI:
    """Build the application; whoever gives a database opens and closes it."""
    return service_app(
        "Evaluation",
        "evaluation",
        database or Database(settings.database_url, name="evaluation"),
        [routes],
        ERRORS,
        settings,
        description="How good the training was.",
        stamps=stamps,
        owns_database=database is None,
        migrations=MIGRATIONS,
    )
