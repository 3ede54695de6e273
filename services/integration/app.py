"""Builds the HTTP application of integration."""

from pathlib import Path

from fastapi import FastAPI

from services.integration.errors import ERRORS
from services.integration.routes import routes
from services.integration.settings import Settings
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
        "Integration",
        "integration",
        database or Database(settings.database_url, name="integration"),
        [routes],
        ERRORS,
        settings,
        description="What changed, for those who keep copies of their own.",
        stamps=stamps,
        owns_database=database is None,
        migrations=MIGRATIONS,
    )
