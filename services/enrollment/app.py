"""Builds the HTTP application of enrollment."""

from pathlib import Path

from fastapi import FastAPI

from services.enrollment.activities.routes import routes as activities
from services.enrollment.assessments.routes import routes as assessments
from services.enrollment.completion.routes import routes as completions
from services.enrollment.consents.routes import routes as consents
from services.enrollment.departures.routes import routes as departures
from services.enrollment.disclosures.routes import routes as disclosures
from services.enrollment.duplicates.routes import routes as duplicates
from services.enrollment.enrolments.routes import routes as enrolments
from services.enrollment.enterprises.routes import routes as enterprises
from services.enrollment.erasures.routes import routes as erasures
from services.enrollment.errors import ERRORS
from services.enrollment.imports.routes import routes as imports
from services.enrollment.learning.routes import routes as sessions
from services.enrollment.nominations.routes import routes as nominations
from services.enrollment.online.routes import routes as online
from services.enrollment.personal.routes import routes as personal
from services.enrollment.personal.tokens import LinkTokens
from services.enrollment.progress.routes import routes as progress
from services.enrollment.rosters.routes import routes as rosters
from services.enrollment.settings import Settings
from services.enrollment.timelines.routes import routes as timelines
from shared.caller import StampVerifier
from shared.database import Database
from shared.keys import KeyRing
from shared.sealed import Sealer
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
        "Enrollment",
        "enrollment",
        database or Database(settings.database_url, name="enrollment"),
        [
            enterprises,
            nominations,
            imports,
            rosters,
            enrolments,
            departures,
            sessions,
            online,
            assessments,
            completions,
            activities,
            personal,
            timelines,
            progress,
            disclosures,
            consents,
            duplicates,
            erasures,
        ],
        ERRORS,
        settings,
        description="Who is trained and what they did.",
        stamps=stamps,
        owns_database=database is None,
        migrations=MIGRATIONS,
    )
    keys = KeyRing(settings.keys_directory, create=settings.is_rehearsal)
    app.state.sealer = Sealer.of_persons(keys)
    app.state.link_tokens = LinkTokens(keys.private("personal-link"))
    app.state.name_seal = keys.public("name-seal")
    return app
