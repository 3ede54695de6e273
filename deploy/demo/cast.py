"""Who plays: the organisations of both notices, an API client for each, two for whoever reviews."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.demo.client import Actor, Platform

_ORGANISATIONS = Path(__file__).with_name("data") / "organisations.csv"
SECOND_PERSON = "second person"
"""Reviewer and confirmer must not be who submitted or proposed, so some organisations act as two."""


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation to register; `cycles` are the labels whose notice names it an institution."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    parent_name_zh: str
    cycles: frozenset[str]


@dataclass(slots=True)
class Cast:
    """The registered organisations by Chinese name, and who may speak for them."""

    operator: Actor
    parts: dict[str, Part] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    seconds: dict[str, Actor] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Actor:
        return next(actor for actor in self.actors.values() if actor.kind == kind)

    def holder(self, pack: dict[str, Any], act: str, *, second: bool = False) -> Actor:
        """Find who holds an act by the pack: an organisation's kind or an office that one hosts."""
        duties = [duty for duty in pack["responsibilities"] if duty["act"] == act]
        holders = [holder for duty in duties for holder in duty["holders"]]
        for actor in (self.seconds if second else self.actors).values():
            if any(h.get("kind") == actor.kind or h.get("office") in actor.offices for h in holders):
                return actor
        raise LookupError(f"nobody in the cast holds {act}")

    def departments(self) -> list[tuple[str, Actor]]:
        """List code and actor of the departments, in the order of the addressees."""
        return [(p.code, self.actors[name]) for name, p in self.parts.items() if p.kind == "department"]

    def institutions(self, label: str) -> list[Actor]:
        """List the institutions that carry classes of a cycle; nested bodies act through their federation."""
        return [
            self.actors[name]
            for name, part in self.parts.items()
            if label in part.cycles and not part.parent_name_zh
        ]


def read_parts() -> list[Part]:
    with _ORGANISATIONS.open(encoding="utf-8", newline="") as rows:
        return [
            Part(
                kind=row["kind"],
                code=row["code"],
                name_zh=row["name_zh"],
                name_en=row["name_en"],
                parent_name_zh=row["parent_name_zh"],
                cycles=frozenset(row["cycles"].split()),
            )
            for row in csv.DictReader(rows)
        ]


async def register(
    platform: Platform,
    operator: Actor,
    offices: dict[str, dict[str, str]],
    told: Callable[[str, int, int], None],
) -> Cast:
    """Register organisations, the offices of the packs (by code) and a client for each organisation."""
    cast = Cast(operator=operator)
    for nested in (False, True):  # a federation before its bodies
        parts = [part for part in read_parts() if bool(part.parent_name_zh) is nested]
        items = [_organisation(part, cast.ids) for part in parts]
        step = f"organisations nested={nested}"
        results = await platform.bulk(operator, "/v1/organisations", items, step=step)
        for part, result in zip(parts, results, strict=True):
            cast.parts[part.name_zh] = part
            cast.ids[part.name_zh] = result["value"]["id"]
    hosted: dict[str, set[str]] = {}
    items = []
    for code, office in offices.items():
        host = next(part.name_zh for part in cast.parts.values() if part.kind == office["hosted_by"])
        hosted.setdefault(host, set()).add(code)
        names = {"name_zh": office["zh"], "name_en": office["en"]}
        items.append({"code": code, **names, "host_id": cast.ids[host]})
    if items:
        await platform.bulk(operator, "/v1/offices", items, step="offices")
    for done, (name, part) in enumerate(cast.parts.items(), 1):
        roles = frozenset(hosted.get(name, ()))
        cast.actors[name] = await make_client(platform, operator, part, cast.ids[name], roles, "first person")
        if part.kind not in {"department", "institution"}:
            cast.seconds[name] = await make_client(
                platform, operator, part, cast.ids[name], roles, SECOND_PERSON
            )
        told("organisations", done, len(cast.parts))
    return cast


def _organisation(part: Part, ids: dict[str, str]) -> dict[str, Any]:
    item: dict[str, Any] = {"kind": part.kind, "name_zh": part.name_zh, "name_en": part.name_en}
    if part.code:
        item["code"] = part.code
    if part.parent_name_zh:
        item["parent_id"] = ids[part.parent_name_zh]
    return item


async def make_client(
    platform: Platform, operator: Actor, part: Part, organisation_id: str, offices: frozenset[str], name: str
) -> Actor:
    """Make an API client; when its secret was lost with an unheard answer, rotate it."""
    step = f"client {part.name_zh} {name}"
    body = {"organisation_id": organisation_id, "name": name, "offices": sorted(offices)}
    made = await platform.post(operator, "/v1/api-clients", body, step=step)
    attempt = 0
    while not made.get("secret"):
        attempt += 1
        path = f"/v1/api-clients/{made['id']}/secrets"
        made = await platform.post(operator, path, {}, step=f"{step} secret {attempt}")
    return Actor(made["client_id"], made["secret"], part.kind, organisation_id, offices)
