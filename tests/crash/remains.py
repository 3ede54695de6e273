"""What imports have left in a home's enrollment, in natural keys: two homes are compared line by line.

Ids, times and keyed hashes differ between equal homes and are left out; what is sealed is opened first.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from services.enrollment.persons.models import NAME, NUMBER, PHONE
from services.enrollment.tables import Row
from shared.database import Database
from shared.outbox import outbox
from shared.sealed import Sealer

_TABLES = ("enterprises", "enterprise_versions", "persons", "nominations")
_SEALED = {"number_sealed": NUMBER, "name_sealed": NAME, "phone_sealed": PHONE}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_DIFFERS = ("_at", "_index")
_SOON = frozenset({"compared"})
"""Columns that another job fills in when it comes to it."""


@dataclass(slots=True)
class Remains:
    """Reads the tables and tells them; `names` grows by whatever was read."""

    names: dict[str, str]
    sealer: Sealer

    async def read(self, database: Database) -> list[str]:
        """Tell every row of the tables, and every event that was recorded, sorted."""
        async with database.read() as session:
            held = {name: await session.execute(select(Row.metadata.tables[name])) for name in _TABLES}
            rows = {
                name: [self._opened(dict(one)) for one in found.mappings()] for name, found in held.items()
            }
            said = [json.loads(body) for body in await session.scalars(select(outbox.c.body))]
        for event in said:  # ids are told in their order, which equal homes do not share
            event["audience"] = sorted(map(self._natural, str(event.get("audience", "")).split()))
        self.names |= {one["id"]: str(one["uscc"]) for one in rows["enterprises"]}
        self.names |= {one["id"]: str(one["number_sealed"]) for one in rows["persons"]}
        for one in rows["nominations"]:
            self.names[one["id"]] = f"{self.names[one['person_id']]} in {self.names[one['class_id']]}"
        told = [self.tell(name, one) for name, found in rows.items() for one in found]
        return sorted([*told, *(self.tell("outbox", _without_its_own(event)) for event in said)])

    def tell(self, what: str, value: Mapping[str, Any]) -> str:
        return f"{what}\t{json.dumps(self._natural(value), ensure_ascii=False, sort_keys=True, default=str)}"

    def _opened(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: self.sealer.open(value, _SEALED[name]) if name in _SEALED and value else value
            for name, value in row.items()
            if name not in _SOON and not name.endswith(_DIFFERS)
        }

    def _natural(self, value: Any) -> Any:
        match value:
            case Mapping():
                return {
                    self._natural(name): self._natural(inner)
                    for name, inner in value.items()
                    if not name.endswith(_DIFFERS)
                }
            case list():
                return [self._natural(inner) for inner in value]
            case str():
                return _ID.sub(lambda found: self.names.get(found[0], "?"), value)
            case _:
                return value


def _without_its_own(event: Mapping[str, Any]) -> dict[str, Any]:
    """Take away what an event has of its own."""
    return {name: value for name, value in event.items() if name not in {"id", "time"}}
