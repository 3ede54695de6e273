"""The canonical export: what the platform says, without what may differ between two equal runs.

Read over public REST. Natural keys instead of ids, no instants, no secrets, sorted: two runs that
came to the same result give the same bytes, so a run that was killed on the way can be compared
with one that was not.
"""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from deploy.demo.client import Actor, Platform

BY_CYCLE = (
    ("/v1/evaluation-rounds", ""),  # before the designations, which name their evaluation
    ("/v1/deadlines", "id"),
    ("/v1/liaison-forms", ""),
    ("/v1/designations", ""),
    ("/v1/classes", "title_zh"),
    ("/v1/activities", "title"),
)
BY_CLASS = (
    ("/v1/nominations", ""),
    ("/v1/rosters", ""),
    ("/v1/enrolments", ""),
    ("/v1/sessions", ""),
    ("/v1/completions", ""),
    ("/v1/certificates", "number"),
)
BY_ROUND = ("assignments", "results")
WHOLE = (
    ("/v1/policy-packs", "cycle_id"),
    ("/v1/organisations", "name_zh"),
    ("/v1/offices", "code"),
    ("/v1/enterprises", "uscc"),
)
"""Lists with the field by which others name their items; empty: items are named by their content."""

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DIFFERS = ("_at", "_sha256", "_url")
"""Ends of the names of fields that tell when and how, not what."""


@dataclass(slots=True)
class Export:
    """Collects lines; `names` maps the ids met so far to natural keys."""

    platform: Platform
    actor: Actor
    names: dict[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    async def collect(self) -> str:
        """Read everything that the actor may see; give one JSON line per item, sorted."""
        for path, name in WHOLE:
            await self._list(path, name)
        packs = [pack["cycle_id"] async for pack in self.platform.pages(self.actor, "/v1/policy-packs")]
        for cycle in packs:
            await self._list(f"/v1/policy-packs/{cycle}/revisions", "")
            for path, name in BY_CYCLE:
                await self._list(path, name, cycle_id=cycle)
            rounds = self.platform.pages(self.actor, "/v1/evaluation-rounds", cycle_id=cycle)
            for round_id in [one["id"] async for one in rounds]:
                for part in BY_ROUND:
                    await self._list(f"/v1/evaluation-rounds/{round_id}/{part}", "")
            classes = [c["id"] async for c in self.platform.pages(self.actor, "/v1/classes", cycle_id=cycle)]
            for class_id in classes:
                for path, name in BY_CLASS:
                    await self._list(path, name, class_id=class_id)
            if classes:
                progress = await self.platform.get(self.actor, "/v1/progress", cycle_id=cycle)
                self._keep("/v1/progress", progress)
        await self._list("/v1/suspensions", "")  # last: they name evaluations
        return "".join(sorted(self.lines))

    async def _list(self, path: str, name: str, **query: str) -> None:
        items = [item async for item in self.platform.pages(self.actor, path, **query)]
        shown = _ID.sub("*", path)
        for item in items:
            content = self._keep(shown, item)
            if "id" in item:
                key = str(item[name]) if name else sha256(content.encode()).hexdigest()[:16]
                self.names[item["id"]] = f"{path.rpartition('/')[2]}:{key}"
        if path == "/v1/rosters":
            for item in items:
                async for row in self.platform.pages(self.actor, f"{path}/{item['id']}/rows"):
                    self._keep(f"{path}/rows", {"roster_id": item["id"], **row})

    def _keep(self, path: str, item: dict[str, Any]) -> str:
        content = json.dumps(self._natural(item), ensure_ascii=False, sort_keys=True)
        self.lines.append(f"{path}\t{content}\n")
        return content

    def _natural(self, value: Any) -> Any:
        """Replace known ids by natural keys; drop unknown ones and what tells when and how."""
        match value:
            case dict():
                return {
                    self.names.get(key, key): self._natural(inner)
                    for key, inner in value.items()
                    if key != "id" and not key.endswith(_DIFFERS)
                }
            case list():
                natural = [self._natural(inner) for inner in value]
                # Ids are told in the order of their making, which equal runs may not share.
                are_ids = all(isinstance(inner, str) and _ID.fullmatch(inner) for inner in value)
                return sorted(natural, key=str) if are_ids else natural
            case str() if _ID.fullmatch(value):
                return self.names.get(value)
            case _:
                return value
