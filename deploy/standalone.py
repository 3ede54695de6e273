"""The embedded home: gateway, services and their workers in one process, on SQLite files under one folder.

`running(home, ...)` is the whole of it: everything is up while the block runs, and is stopped in order at its
end. What a killed process leaves behind needs no care: the lock is the kernel's, the outbox holds the rest.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from deploy.home import alone, database_url, write_private
from gateway.app import Gateway
from gateway.asgi import App
from gateway.identity import Identity
from gateway.server import listen, serving
from gateway.settings import GatewaySettings
from services.certification.app import build as build_certification
from services.certification.handlers import LISTENER as CERTIFICATION
from services.certification.republishing import RESTATED as CERTIFICATION_RESTATED
from services.certification.settings import Settings as CertificationSettings
from services.enrollment.app import build as build_enrollment
from services.enrollment.handlers import LISTENER as ENROLLMENT
from services.enrollment.republishing import RESTATED as ENROLLMENT_RESTATED
from services.enrollment.settings import Settings as EnrollmentSettings
from services.evaluation.app import build as build_evaluation
from services.evaluation.handlers import LISTENER as EVALUATION
from services.evaluation.republishing import RESTATED as EVALUATION_RESTATED
from services.evaluation.settings import Settings as EvaluationSettings
from services.integration.app import build as build_integration
from services.integration.handlers import LISTENER as INTEGRATION
from services.integration.settings import Settings as IntegrationSettings
from services.registry.app import build as build_registry
from services.registry.bootstrap import bootstrap
from services.registry.clients.domain import AlreadyBootstrapped
from services.registry.handlers import LISTENER as REGISTRY
from services.registry.republishing import RESTATED as REGISTRY_RESTATED
from services.registry.settings import Settings as RegistrySettings
from shared import worker
from shared.broker import InProcessBroker
from shared.caller import StampSigner, StampVerifier
from shared.database import Database
from shared.keys import KeyRing
from shared.listener import Listener
from shared.migrate import migrate
from shared.republish import Restated, acquaint
from shared.settings import ServiceSettings

Mode = Literal["production", "rehearsal"]

_SOURCES = Path(__file__).parent.parent / "services"


@dataclass(frozen=True, slots=True)
class Service:
    """The parts of a service that a home puts together."""

    settings: Callable[..., ServiceSettings]
    build: Callable[..., App]
    listener: Listener
    restated: Restated = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.listener.service

    @property
    def migrations(self) -> Path:
        return _SOURCES / self.name / "migrations"


SERVICES = {
    service.name: service
    for service in (
        Service(RegistrySettings, build_registry, REGISTRY, REGISTRY_RESTATED),
        Service(EnrollmentSettings, build_enrollment, ENROLLMENT, ENROLLMENT_RESTATED),
        Service(EvaluationSettings, build_evaluation, EVALUATION, EVALUATION_RESTATED),
        Service(CertificationSettings, build_certification, CERTIFICATION, CERTIFICATION_RESTATED),
        Service(IntegrationSettings, build_integration, INTEGRATION),
    )
}


@dataclass(frozen=True, slots=True)
class Home:
    """A running home: where it answers, and its databases by service."""

    folder: Path
    address: str
    databases: Mapping[str, Database]

    @property
    def bootstrap_file(self) -> Path:
        return self.folder / "bootstrap.json"


@asynccontextmanager
async def running(folder: Path, *, port: int, mode: Mode) -> AsyncIterator[Home]:
    """Run the platform on `folder`, answering at 127.0.0.1:`port` (0: any free one)."""
    with alone(folder), closing(listen("127.0.0.1", port)) as listener:
        # Handlers read the platform's settings from the environment, as they do in the networked home.
        os.environ.update(LINGJUN_HOME=str(folder), LINGJUN_MODE=mode)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        keys = KeyRing(folder / "keys", create=mode == "rehearsal")
        async with _databases(folder) as databases:
            # Before anything is relayed, and before the first row of a new home: see `acquaint`.
            await acquaint(databases, {name: service.restated for name, service in SERVICES.items()})
            await ensure_operator(databases["registry"], folder)
            stamps = StampVerifier(keys.public("stamp"))
            apps = {
                name: service.build(
                    settings=_settings(service, folder, mode, address),
                    database=databases[name],
                    stamps=stamps,
                )
                for name, service in SERVICES.items()
            }
            gateway = Gateway(
                GatewaySettings(mode=mode, home=folder),
                apps,
                Identity(StampSigner(keys.private("stamp")), now=time.time),
            )
            async with _workers(databases), gateway.running(), serving(gateway, listener):
                yield Home(folder, address, databases)


async def ensure_operator(registry: Database, folder: Path) -> bool:
    """Make the operator's first client on an empty store; its credentials go to `bootstrap.json`.

    The file is written before the commit: a crash in between leaves credentials of nobody, which the next
    start replaces, and never a client whose secret nobody knows.
    """
    try:
        async with registry.write() as session:
            made = await bootstrap(session, now=datetime.now(UTC))
            credentials = {"client_id": made.client_id, "client_secret": made.secret}
            write_private(folder / "bootstrap.json", credentials)
    except AlreadyBootstrapped:
        return False
    return True


def _settings(service: Service, folder: Path, mode: Mode, address: str) -> ServiceSettings:
    own: dict[str, Any] = {"issuer": address} if service.name == "registry" else {}
    return service.settings(
        mode=mode, home=folder, database_url=database_url(folder, service.name), amqp_url=None, **own
    )


@asynccontextmanager
async def _databases(folder: Path) -> AsyncIterator[dict[str, Database]]:
    """Migrate and open one SQLite file per service."""
    databases: dict[str, Database] = {}
    try:
        for name, service in SERVICES.items():
            url = database_url(folder, name)
            await migrate(url, service.migrations)
            databases[name] = Database(url, name=name)
            await databases[name].start()
        yield databases
    finally:
        for database in databases.values():
            await database.close()


@asynccontextmanager
async def _workers(databases: Mapping[str, Database]) -> AsyncIterator[None]:
    """Run relay and inbox of every service as tasks; each finishes its batch when told to stop."""
    broker = InProcessBroker(databases)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for name, service in SERVICES.items():
            group.create_task(worker.run(databases[name], broker, service.listener, stop=stop), name=name)
        try:
            yield
        finally:
            stop.set()
