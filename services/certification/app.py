"""Builds the HTTP application of certification."""

from pathlib import Path

from fastapi import FastAPI

from services.certification.errors import ERRORS
from services.certification.routes import routes
from services.certification.settings import Settings, keys_of
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
    app = service_app(
        "Certification",
        "certification",
        database or Database(settings.database_url, name="certification"),
        [routes],
        ERRORS,
        settings,
        description="Certificates of completion and their public check.",
        stamps=stamps,
        owns_database=database is None,
        migrations=MIGRATIONS,
    )
    app.state.keys = keys_of(settings)
    return app
