"""The commands `lingjun demo` and `lingjun export`."""

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from deploy.demo.client import Actor, Platform
from deploy.demo.export import Export
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play_and_show
from deploy.standalone import Home as RunningHome
from deploy.standalone import running
from gateway.server import stop_on_signals
from shared.logs import configure

Home = Annotated[Path, typer.Option("--home", envvar="LINGJUN_HOME", help="The folder that holds all state.")]
Port = Annotated[int, typer.Option("--port", envvar="PORT", min=0, max=65535)]

DEFAULT_HOME = Path("var")
TRAINEES = 600


def demo(
    home: Home = DEFAULT_HOME,
    port: Port = 8000,
    cycle: Annotated[str, typer.Option(help="The label of a shipped policy pack.")] = "2022-2023",
    trainees: Annotated[int, typer.Option(min=1, help="How many synthetic managers take part.")] = TRAINEES,
    *,
    serve: Annotated[bool, typer.Option("--serve", help="Go on serving when the cycle is played.")] = False,
) -> None:
    """Start everything in this process and, on an empty store, play a cycle as a client of the gateway."""
    packs = shipped_packs()
    if cycle not in packs:
        raise typer.BadParameter(f"no pack {cycle!r}; there are {', '.join(packs)}", param_hint="--cycle")
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lingjun.log").open("a", encoding="utf-8") as log:  # the terminal is for the bars
        configure("lingjun", stream=log)
        uvloop.run(_demo(home, port, cycle, trainees, serve=serve))


async def _demo(folder: Path, port: int, cycle: str, trainees: int, *, serve: bool) -> None:
    stop = stop_on_signals()
    async with running(folder, port=port, mode="rehearsal") as home:
        # A play that was cut short goes on: its steps carry the same idempotency keys.
        if not (folder / "summary.json").exists():
            playing = asyncio.create_task(
                play_and_show(
                    home.address,
                    operator_of(home),
                    shipped_packs(),
                    label=cycle,
                    trainees=trainees,
                    home=folder,
                )
            )
            stopped = asyncio.create_task(stop.wait())
            await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not playing.done():
                playing.cancel()
                return
            await playing
        if serve:
            Console().print(f"serving on {home.address} (Ctrl-C stops)", soft_wrap=True)
            await stop.wait()


def operator_of(home: RunningHome) -> Actor:
    """Read the operator's credentials, which an embedded home leaves beside its databases."""
    credentials = json.loads(home.bootstrap_file.read_text(encoding="utf-8"))
    return Actor(credentials["client_id"], credentials["client_secret"], "operator", "")


def export(
    url: Annotated[str, typer.Option(help="Where the gateway answers.")] = "http://127.0.0.1:8000",
    client_id: Annotated[str, typer.Option(envvar="LINGJUN_CLIENT_ID")] = "",
    client_secret: Annotated[str, typer.Option(envvar="LINGJUN_CLIENT_SECRET")] = "",
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
