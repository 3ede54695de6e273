"""The command `lingjun keys`: make what is missing, rotate, take out what is past its use."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.keydealing import deal as deal_keys
from deploy.keydealing import prune as prune_dealt
from deploy.keydealing import replace as replace_dealt
from deploy.keydealing import rotate as rotate_dealt
from shared.keys import PURPOSES, KeyRing

_TOKENS = "token-signing"
_FIXED = "person-index"
"""Two processes with different index keys would not see that two persons are one."""

ROTATED = tuple(purpose for purpose in PURPOSES if purpose != _FIXED)

DEFAULT_HOME = Path("var")


def _rotated(purpose: str | None) -> str | None:
    if purpose is not None and purpose not in ROTATED:
        raise typer.BadParameter(f"one of {', '.join(ROTATED)}")
    return purpose


Home = Annotated[Path, typer.Option("--home", envvar="LINGJUN_HOME", help="The folder that holds all state.")]
Deal = Annotated[
    Path | None, typer.Option(help="Work on a folder per process here, each with its own keys alone.")
]
Rotate = Annotated[
    str | None,
    typer.Option(metavar="PURPOSE", callback=_rotated, help="Put a new key of this purpose beside the old."),
]
Now = Annotated[
    bool,
    typer.Option("--now", help="With --rotate token-signing: the old keys end at once, with their tokens."),
]
Prune = Annotated[bool, typer.Option("--prune", help="Take out the token keys whose last token has expired.")]


def keys(
    home: Home = DEFAULT_HOME,
    deal: Deal = None,
    rotate: Rotate = None,
    *,
    now: Now = False,
    prune: Prune = False,
) -> None:
    """Make the keys that are missing; production does not start without them. Or rotate, or prune."""
    if now and rotate is None:
        raise typer.BadParameter("goes with --rotate", param_hint="--now")
    if prune and rotate is not None:
        raise typer.BadParameter("a rotation prunes by itself", param_hint="--prune")
    if rotate is not None:
        _say(_replace(home, deal, rotate) if now else _rotate(home, deal, rotate), "")
    elif prune:
        _say(_prune(home, deal), "no key is past its use")
    else:
        made = KeyRing(home / "keys").make_missing() if deal is None else deal_keys(deal)
        _say(made, "no key is missing")


def _rotate(home: Path, deal: Path | None, purpose: str) -> list[str]:
    return [KeyRing(home / "keys").rotate(purpose)] if deal is None else rotate_dealt(deal, purpose)


def _replace(home: Path, deal: Path | None, purpose: str) -> list[str]:
    return [KeyRing(home / "keys").replace(purpose)] if deal is None else replace_dealt(deal, purpose)


def _prune(home: Path, deal: Path | None) -> list[str]:
    return KeyRing(home / "keys").prune(_TOKENS) if deal is None else prune_dealt(deal, _TOKENS)


def _say(lines: list[str], otherwise: str) -> None:
    print("\n".join(lines) if lines else otherwise)
