"""Who plays: the organisations of both notices and invented ones for the roles that no notice names.

Who acts has an API client, and whoever reviews has two.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.demo.client import Actor, Platform, side_by_side
from shared.events.policy import PolicyPack

_ORGANISATIONS = Path(__file__).with_name("data") / "organisations.csv"
SECOND_PERSON = "second person"
"""Reviewer and confirmer must not be who submitted or proposed, so some organisations act as two."""
_ACT_AS_TWO = frozenset({"bureau", "talent_exchange_centre", "promotion_centre"})
_ONLY_NAMED = frozenset({"ministry_affiliate", "service_body", "industry_organisation", "leading_enterprise"})
"""Kinds of co-organisers: classes name them, and they ask nothing of the platform."""


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
        """Give the first organisation of a kind; raises LookupError for a kind that nobody plays."""
        for actor in self.actors.values():
            if actor.kind == kind:
                return actor
        raise LookupError(f"nobody in the cast is of kind {kind}")

    def all_of_kind(self, kind: str) -> list[Actor]:
        return [actor for actor in self.actors.values() if actor.kind == kind]

    def partners(self, kind: str) -> list[str]:
        """List the ids of the organisations of a kind, those included that never act."""
        return [self.ids[name] for name, part in self.parts.items() if part.kind == kind]

    def holder(self, pack: PolicyPack, act: str, *, second: bool = False) -> Actor:
        """Find who holds an act by the pack: an organisation's kind or an office that one hosts."""
        for actor in (self.seconds if second else self.actors).values():
            if pack.may(act, kind=actor.kind, offices=actor.offices):
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
    await _make_clients(platform, cast, hosted, told)
    return cast


async def _make_clients(
    platform: Platform, cast: Cast, hosted: dict[str, set[str]], told: Callable[[str, int, int], None]
) -> None:
    acting = [name for name, part in cast.parts.items() if part.kind not in _ONLY_NAMED]
    made: dict[str, list[Actor]] = {}

    async def make(name: str) -> None:
        part, roles = cast.parts[name], frozenset(hosted.get(name, ()))
        persons = ("first person", SECOND_PERSON) if part.kind in _ACT_AS_TWO else ("first person",)
        made[name] = [
            await make_client(platform, cast.operator, part, cast.ids[name], roles, person)
            for person in persons
        ]
        told("organisations", len(made), len(acting))

    await side_by_side(acting, make)
    for name in acting:  # in the order of the notices, whoever answered first
        cast.actors[name], *others = made[name]
        if others:
            cast.seconds[name] = others[0]


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
