"""Builds the HTTP application of the registry."""

from pathlib import Path

from fastapi import FastAPI

from services.registry.attachments.routes import routes as attachments
from services.registry.attachments.store import FileStore
from services.registry.bases.routes import routes as bases
from services.registry.catalogue.routes import routes as catalogue
from services.registry.classes.revision_routes import routes as class_revisions
from services.registry.classes.routes import routes as classes
from services.registry.clients.oauth import routes as oauth
from services.registry.clients.routes import routes as clients
from services.registry.clients.tokens import TokenIssuer
from services.registry.closing.routes import routes as closing
from services.registry.conflicts.routes import routes as conflicts
from services.registry.consequences.routes import routes as consequences
from services.registry.cycles.routes import routes as cycles
from services.registry.deadlines.routes import routes as deadlines
from services.registry.designations.routes import routes as designations
from services.registry.discipline.routes import routes as discipline
from services.registry.dryruns.routes import routes as dryruns
from services.registry.errors import ERRORS
from services.registry.extensions.routes import routes as extensions
from services.registry.funds.routes import routes as funds
from services.registry.liaison.routes import routes as liaison
from services.registry.news.routes import routes as news
from services.registry.organisations.routes import routes as organisations
from services.registry.planning.routes import routes as planning
from services.registry.settings import Settings
from services.registry.suspensions.routes import routes as suspensions
from services.registry.sweeps.routes import routes as sweeps
from shared.caller import StampVerifier
from shared.database import Database
from shared.keys import KeyRing
from shared.livekeys import LiveKeys
from shared.sealed import Sealer
from shared.web import service_app

MIGRATIONS = Path(__file__).parent / "migrations"

_ROUTERS = (
    cycles,
    organisations,
    clients,
    oauth,
    deadlines,
    extensions,
    liaison,
    sweeps,
    designations,
    suspensions,
    consequences,
    closing,
    classes,
    planning,
    class_revisions,
    conflicts,
    bases,
    funds,
    discipline,
    attachments,
    dryruns,
    news,
    catalogue,
)


def build(
    settings: Settings,
    database: Database | None = None,
    *,
    stamps: StampVerifier | None = None,
) -> FastAPI:
    """Build the application; whoever gives a database opens and closes it."""
    app = service_app(
        "Registry",
        "registry",
        database or Database(settings.database_url, name="registry"),
        _ROUTERS,
        ERRORS,
        settings,
        description="The plan of each cycle, and who may act in it.",
        stamps=stamps,
        owns_database=database is None,
        migrations=MIGRATIONS,
    )
    ring = KeyRing(settings.keys_directory, create=settings.is_rehearsal)
    app.state.tokens = TokenIssuer(LiveKeys(ring, "token-signing"), settings.issuer)
    app.state.sealer = Sealer.of_persons(ring)
    app.state.attachments = FileStore(settings.home / "attachments")
    app.state.scanner = None
    return app
