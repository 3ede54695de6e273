"""Everything that the platform shows its bureau, read once: the lists of every resource, by resource.

Summary and reconciliation are made of this alone, so what they say is what the public API says.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from deploy.demo.client import Actor, Platform, side_by_side

WHOLE = {
    "registry.cycle": "/v1/policy-packs",
    "registry.deadline": "/v1/deadlines",
    "registry.organisation": "/v1/organisations",
    "registry.office": "/v1/offices",
    "registry.liaison_form": "/v1/liaison-forms",
    "registry.designation": "/v1/designations",
    "registry.suspension": "/v1/suspensions",
    "registry.class": "/v1/classes",
    "registry.department_plan": "/v1/department-plans",
    "registry.seat_allotment": "/v1/seat-allotments",
    "registry.class_revision": "/v1/class-revisions",
    "registry.news": "/v1/news",
    "registry.fund_ledger": "/v1/fund-ledgers",
    "registry.discipline_incident": "/v1/discipline-incidents",
    "registry.teaching_base": "/v1/teaching-bases",
    "enrollment.enterprise": "/v1/enterprises",
    "enrollment.activity": "/v1/activities",
    "evaluation.round": "/v1/evaluation-rounds",
    "certification.certificate": "/v1/certificates",
    "certification.certificate_batch": "/v1/certificate-batches",
}
OF_A_PACK = {"registry.pack_revision": "/v1/policy-packs/{}/revisions"}
OF_A_CYCLE = {"enrollment.enrolment": "/v1/enrolments"}
OF_A_CLASS = {
    "enrollment.nomination": "/v1/nominations",
    "enrollment.roster": "/v1/rosters",
    "enrollment.session": "/v1/sessions",
    "enrollment.completion": "/v1/completions",
}
OF_A_ROUND = {
    "evaluation.assignment": "/v1/evaluation-rounds/{}/assignments",
    "evaluation.result": "/v1/evaluation-rounds/{}/results",
}
RESOURCES = frozenset({*WHOLE, *OF_A_PACK, *OF_A_CYCLE, *OF_A_CLASS, *OF_A_ROUND})

Item = dict[str, Any]


@dataclass(slots=True)
class Shown:
    """What was read: `rows` of approved rosters and of completions by the id of whose rows they are."""

    items: defaultdict[str, list[Item]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[str, list[Item]] = field(default_factory=dict)
    progress: dict[str, Item] = field(default_factory=dict)

    def of(self, resource: str, cycle_id: str) -> list[Item]:
        return [one for one in self.items[resource] if one["cycle_id"] == cycle_id]

    def results(self, round_id: str) -> list[Item]:
        return [one for one in self.items["evaluation.result"] if one["round_id"] == round_id]

    def final_round(self, cycle_id: str) -> Item | None:
        """Give the newest final round of a cycle."""
        final = [one for one in self.of("evaluation.round", cycle_id) if one["status"] == "final"]
        return max(final, key=lambda one: one["number"], default=None)

    def versions(self) -> Iterator[tuple[str, int]]:
        """List subject and version of everything that is shown."""
        for resource, items in self.items.items():
            for item in items:
                yield f"{resource}/{item.get('id') or item['cycle_id']}", item["version"]


async def read_all(platform: Platform, reader: Actor) -> Shown:
    """Read all lists, a few side by side."""
    reading = _Reading(platform, reader, Shown())
    shown = reading.shown
    await side_by_side(WHOLE.items(), reading.read_whole)
    await side_by_side(shown.items["registry.cycle"], reading.read_pack)
    classes = shown.items["registry.class"]
    await side_by_side(sorted({one["cycle_id"] for one in classes}), reading.read_cycle)
    await side_by_side(classes, reading.read_class)
    await side_by_side(shown.items["evaluation.round"], reading.read_round)
    return shown


@dataclass(slots=True)
class _Reading:
    """Reads list after list into `shown`."""

    platform: Platform
    reader: Actor
    shown: Shown

    async def read_whole(self, one: tuple[str, str]) -> None:
        resource, path = one
        await self._take(resource, path)

    async def read_pack(self, one: Item) -> None:
        for resource, path in OF_A_PACK.items():
            await self._take(resource, path.format(one["cycle_id"]))

    async def read_cycle(self, cycle_id: str) -> None:
        for resource, path in OF_A_CYCLE.items():
            await self._take(resource, path, cycle_id=cycle_id)
        progress = await self.platform.get(self.reader, "/v1/progress", cycle_id=cycle_id)
        self.shown.progress[cycle_id] = progress

    async def read_class(self, one: Item) -> None:
        found = {
            resource: await self._take(resource, path, class_id=one["id"])
            for resource, path in OF_A_CLASS.items()
        }
        for roster in found["enrollment.roster"]:
            if roster["status"] == "approved":
                self.shown.rows[roster["id"]] = await self._list(f"/v1/rosters/{roster['id']}/rows")
        for completion in found["enrollment.completion"]:
            whole = await self.platform.get(self.reader, f"/v1/completions/{completion['id']}")
            self.shown.rows[completion["id"]] = whole["rows"]

    async def read_round(self, one: Item) -> None:
        for resource, path in OF_A_ROUND.items():
            for item in await self._take(resource, path.format(one["id"])):
                item["round_id"] = one["id"]

    async def _take(self, resource: str, path: str, **query: str) -> list[Item]:
        found = await self._list(path, **query)
        self.shown.items[resource] += found
        return found

    async def _list(self, path: str, **query: str) -> list[Item]:
        return [item async for item in self.platform.pages(self.reader, path, **query)]
