"""The commands `lingjun demo`, `lingjun export` and `lingjun reconcile`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.demo import reconcile as reconciling
from deploy.demo.apart import play_apart
from deploy.demo.client import Actor, Platform, Refused
from deploy.demo.export import Export
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play_and_show
from deploy.standalone import Home as RunningHome
from deploy.standalone import running
from gateway.server import stop_on_signals
from shared.collector import spare
from shared.events.policy import load_pack
from shared.logs import configure

Home = Annotated[Path, typer.Option("--home", envvar="LINGJUN_HOME", help="The folder that holds all state.")]
Port = Annotated[int, typer.Option("--port", envvar="PORT", min=0, max=65535)]
ClientId = Annotated[str, typer.Option(envvar="LINGJUN_CLIENT_ID")]
ClientSecret = Annotated[str, typer.Option(envvar="LINGJUN_CLIENT_SECRET")]
Credentials = Annotated[
    Path | None, typer.Option(help="A `bootstrap.json` or `summary.json`, instead of id and secret.")
]

DEFAULT_HOME = Path("var")
_ADDRESS = "http://127.0.0.1:8000"
_MARGIN_PERCENT = 5
"""Some rows are rejected and some trainees leave, so more managers take part than the floor asks for."""
_WITHOUT_FLOOR = 600
_FORBIDDEN = 403
_REHEARSAL = "LINGJUN_MODE=rehearsal"


def demo(
    home: Home = DEFAULT_HOME,
    port: Port = 8000,
    cycle: Annotated[str, typer.Option(help="The label of a shipped policy pack.")] = "2022-2023",
    trainees: Annotated[
        int | None, typer.Option(min=1, help="How many synthetic managers take part; by default the floor's.")
    ] = None,
    url: Annotated[
        str, typer.Option(help="Play against the system that answers here, and start nothing.")
    ] = "",
    client_id: ClientId = "",
    client_secret: ClientSecret = "",
    credentials: Credentials = None,
    *,
    serve: Annotated[bool, typer.Option("--serve", help="Go on serving when the cycle is played.")] = False,
) -> None:
    """Start everything in this process and, on an empty store, play a cycle from another as its client.

    With `--url` play as the operator against a running system, which must be in rehearsal mode.
    """
    packs = shipped_packs()
    if cycle not in packs:
        raise typer.BadParameter(f"no pack {cycle!r}; there are {', '.join(packs)}", param_hint="--cycle")
    count = trainees or enough_for(packs[cycle])
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if url:
        operator = _actor("operator", client_id, client_secret, credentials)
        agreed = _against_running(url, operator, cycle, count, home)
    else:
        with (home / "lingjun.log").open("a", encoding="utf-8") as log:  # the terminal is for the bars
            configure("lingjun", stream=log)
            agreed = uvloop.run(_demo(home, port, cycle, count, serve=serve))
    if not agreed:
        raise typer.Exit(1)


def enough_for(text: str) -> int:
    """Tell how many managers reach the floor of persons of a pack, with a little margin."""
    floor = max((floor.min_persons or 0 for floor in load_pack(text).floors), default=0)
    return floor * (100 + _MARGIN_PERCENT) // 100 or _WITHOUT_FLOOR


async def _demo(folder: Path, port: int, cycle: str, trainees: int, *, serve: bool) -> bool:
    stop = stop_on_signals()
    agreed = True
    async with running(folder, port=port, mode="rehearsal") as home:
        spare()
        # A play that was cut short goes on: its steps carry the same idempotency keys.
        if not (folder / "summary.json").exists():
            agreed = await play_apart(
                home.address, operator_of(home), label=cycle, trainees=trainees, home=folder, stop=stop
            )
        if serve and not stop.is_set():
            Console().print(f"serving on {home.address} (Ctrl-C stops)", soft_wrap=True)
            await stop.wait()
    return agreed


def _against_running(url: str, operator: Actor, cycle: str, trainees: int, home: Path) -> bool:
    playing = play_and_show(url, operator, shipped_packs(), label=cycle, trainees=trainees, home=home)
    try:
        return uvloop.run(playing)
    except Refused as refused:
        if not refused.says("now-refused"):
            raise
        why = f"{url} is in production mode, and a played cycle dates its acts: start it with {_REHEARSAL}"
        raise typer.BadParameter(why, param_hint="--url") from None


def operator_of(home: RunningHome) -> Actor:
    """Read the operator's credentials, which an embedded home leaves beside its databases."""
    return _actor("operator", "", "", home.bootstrap_file)


def _actor(kind: str, client_id: str, client_secret: str, file: Path | None) -> Actor:
    """Speak with the id and secret given, or with those of `kind` in a file of the demo or of bootstrap."""
    if file is not None:
        kept = json.loads(file.read_text(encoding="utf-8"))
        pair = kept["credentials"][kind] if "credentials" in kept else kept
        client_id, client_secret = pair["client_id"], pair["client_secret"]
    if not client_id or not client_secret:
        raise typer.BadParameter(
            "say LINGJUN_CLIENT_ID and LINGJUN_CLIENT_SECRET, or --credentials", param_hint="--client-id"
        )
    return Actor(client_id, client_secret, kind, "")


def reconcile(
    url: Annotated[str, typer.Option(help="Where the gateway answers.")] = _ADDRESS,
    client_id: ClientId = "",
    client_secret: ClientSecret = "",
    credentials: Credentials = None,
) -> None:
    """Compare what the services say of the same things, as the bureau, which sees all; 1 when they differ."""
    bureau = _actor("bureau", client_id, client_secret, credentials)

    async def compare() -> reconciling.Reconciliation:
        platform = Platform(url)
        try:
            found, _ = await reconciling.reconcile(platform, bureau)
        finally:
            await platform.close()
        return found

    try:
        found = asyncio.run(compare())
    except Refused as refused:
        if refused.status != _FORBIDDEN:
            raise
        why = f"this client may not read everything, the bureau may: {refused}"
        raise typer.BadParameter(why, param_hint="--client-id") from None
    reconciling.show(found, Console())
    if not found.holds:
        raise typer.Exit(1)


def export(
    url: Annotated[str, typer.Option(help="Where the gateway answers.")] = _ADDRESS,
    client_id: ClientId = "",
    client_secret: ClientSecret = "",
    *,
    canonical: Annotated[
        bool, typer.Option("--canonical", help="Natural keys, no ids, no instants: equal runs, equal bytes.")
    ] = False,
) -> None:
    """Print what the platform says to this client, read over public REST."""
    if not canonical:
        raise typer.BadParameter("say --canonical; it is the one form there is", param_hint="--canonical")

    async def collect() -> str:
        platform = Platform(url)
        try:
            return await Export(platform, Actor(client_id, client_secret, "", "")).collect()
        finally:
            await platform.close()

    print(asyncio.run(collect()), end="")
