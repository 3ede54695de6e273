"""`lingjun`, the one command-line program.

Every command reads `LINGJUN_HOME` (default `var`). Those about one service's database read its
`<SERVICE>_DATABASE_URL`; without that the SQLite file under the home is meant.
"""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated, TypeVar

import typer
import uvloop

from deploy.demo import command
from deploy.home import HomeTaken, database_url
from deploy.keycommand import keys
from deploy.standalone import SERVICES, Mode, ensure_operator, running
from gateway.server import PortTaken, stop_on_signals
from shared.collector import spare
from shared.database import Database
from shared.keys import KeyMissing, OldKeysNeeded, RotationSettling
from shared.logs import configure
from shared.migrate import migrate as migrate_database
from shared.parked import list_parked, replay
from shared.republish import republish as restate

app = typer.Typer(
    help="Lingjun 领军: a training programme from policy pack to certificate.", no_args_is_help=True
)
parked = typer.Typer(help="Events that failed too often.", no_args_is_help=True)
app.add_typer(parked, name="parked")

app.command()(command.demo)
app.command()(command.export)
app.command()(command.reconcile)
app.command()(keys)


def _known(service: str) -> str:
    if service not in SERVICES:
        raise typer.BadParameter(f"one of {', '.join(SERVICES)}")
    return service


Home = Annotated[Path, typer.Option("--home", envvar="LINGJUN_HOME", help="The folder that holds all state.")]
Port = Annotated[int, typer.Option("--port", envvar="PORT", min=0, max=65535)]
One = Annotated[str, typer.Option("--service", callback=_known, help="Whose database.")]

DEFAULT_HOME = Path("var")

Result = TypeVar("Result")


@app.command()
def up(
    home: Home = DEFAULT_HOME,
    port: Port = 8000,
    *,
    rehearsal: Annotated[
        bool, typer.Option("--rehearsal", help="Accept `Lingjun-Now`, make missing keys, no rate limit.")
    ] = False,
) -> None:
    """Run the whole platform in this process, on SQLite files under the home."""
    configure("lingjun")
    uvloop.run(_up(home, port, "rehearsal" if rehearsal else "production"))


async def _up(home: Path, port: int, mode: Mode) -> None:
    stop = stop_on_signals()
    async with running(home, port=port, mode=mode) as house:
        spare()
        print(f"{house.address}  docs: {house.address}/docs  mode: {mode}", file=sys.stderr)
        await stop.wait()


@app.command()
def bootstrap(home: Home = DEFAULT_HOME) -> None:
    """Make the operator's first client on an empty registry; its credentials go to `bootstrap.json`."""

    async def run(registry: Database) -> bool:
        return await ensure_operator(registry, home)

    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = asyncio.run(_with_database("registry", home, run))
    print(home / "bootstrap.json" if made else "there is an operator already; nothing was made")


@app.command()
def migrate(home: Home = DEFAULT_HOME) -> None:
    """Bring the database of every service to its newest revision."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, service in SERVICES.items():
        asyncio.run(migrate_database(_url(name, home), service.migrations))
        print(f"{name}: migrated")


@parked.command("list")
def list_(service: One, home: Home = DEFAULT_HOME) -> None:
    """List what is parked, the longest parked first, one JSON document a line."""

    async def run(database: Database) -> None:
        async with database.read() as session:
            for event in await list_parked(session):
                print(json.dumps(asdict(event), default=str, ensure_ascii=False))

    asyncio.run(_with_database(service, home, run))


@parked.command("replay")
def replay_(
    service: One,
    events: Annotated[list[str], typer.Argument(metavar="EVENT_ID...")],
    home: Home = DEFAULT_HOME,
) -> None:
    """Make parked events due again, once the cause is mended."""

    async def run(database: Database) -> list[str]:
        async with database.write() as session:
            return await replay(session, events, datetime.now(UTC))

    for event_id in asyncio.run(_with_database(service, home, run)):
        print(event_id)


@app.command()
def republish(
    service: One,
    to: Annotated[str, typer.Option("--to", callback=_known, help="Who is to hear it.")],
    home: Home = DEFAULT_HOME,
) -> None:
    """State what a service owns again, for one that lost its copies or is new; harmless to repeat."""

    async def run(database: Database) -> dict[str, int]:
        return await restate(database, SERVICES[service].restated, to)

    for resource, count in asyncio.run(_with_database(service, home, run)).items():
        print(f"{resource}: {count}")


@app.command()
def version() -> None:
    """Print the version."""
    print(version_of("lingjun"))


def main() -> None:
    """Run, and say in one line what an operator can mend; what is written is for its owner alone."""
    os.umask(0o077)
    try:
        app()
    except (HomeTaken, PortTaken, KeyMissing, RotationSettling, OldKeysNeeded) as refusal:
        print(f"lingjun: {refusal}", file=sys.stderr)
        sys.exit(1)


def _url(service: str, home: Path) -> str:
    return os.environ.get(f"{service.upper()}_DATABASE_URL") or database_url(home, service)


async def _with_database(service: str, home: Path, run: Callable[[Database], Awaitable[Result]]) -> Result:
    database = Database(_url(service, home), name=f"lingjun {service}")
    try:
        return await run(database)
    finally:
        await database.close()


if __name__ == "__main__":
    main()
