"""Reconciliation: what the services say of the same things, compared by counts and ids through public REST.

Copies lag behind their owners, so a difference counts once it has stayed for a while.
"""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rich.console import Console

from deploy.demo.client import Actor, Platform
from deploy.demo.readback import Item, Shown, read_all
from shared.events.policy import PolicyPack, parse_pack

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.5
_FEED_PAGE = 1000
_LISTED = 20
"""So many differing ids are printed of each check."""

Pairs = Mapping[str, object]


@dataclass(slots=True)
class Reconciliation:
    """What was compared: how many of each, and per check the ids that differ."""

    counts: dict[str, int] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        return not self.differences

    def compare(self, check: str, left: Pairs, right: Pairs) -> None:
        """Compare what two services say of the same ids; an id that one of them lacks differs too."""
        self.counts[check] = self.counts.get(check, 0) + len(left)
        differing = sorted(one for one in left.keys() | right.keys() if left.get(one) != right.get(one))
        if differing:
            lines = [f"{one}: {left.get(one)} / {right.get(one)}" for one in differing]
            self.differences.setdefault(check, []).extend(lines)


async def reconcile(platform: Platform, reader: Actor) -> tuple[Reconciliation, Shown]:
    """Read and compare until everything agrees; give up when a difference has stayed for a minute."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while True:
        shown = await read_all(platform, reader)
        found = await compare_all(platform, reader, shown)
        if found.holds or time.monotonic() > give_up:
            return found, shown
        await asyncio.sleep(_PAUSE_SECONDS)


async def compare_all(platform: Platform, reader: Actor, shown: Shown) -> Reconciliation:
    """Compare everything once, cycle by cycle, and the whole with the change feed."""
    found = Reconciliation()
    for cycle_id in shown.progress:
        document = (await platform.get(None, f"/v1/policy-packs/{cycle_id}"))["document"]
        _trainees(found, shown, cycle_id)
        _certificates(found, shown, parse_pack(document))
        _suspensions(found, shown, cycle_id)
    found.compare("changes 变更", await _fed(platform, reader), dict(shown.versions()))
    return found


def _trainees(found: Reconciliation, shown: Shown, cycle_id: str) -> None:
    """Heads by class, and who was approved against who is enrolled."""
    enrolments = shown.of("enrollment.enrolment", cycle_id)
    classes = shown.of("registry.class", cycle_id)
    heads = Counter(one["class_id"] for one in enrolments if one["head"])
    found.compare(
        "heads by class 各班人数",
        {one["id"]: one["approved_heads"] for one in classes},
        {one["id"]: heads[one["id"]] for one in classes},
    )
    approved = {
        f"{roster['id']}#{row['position']}": row["decision"]
        for roster in shown.of("enrollment.roster", cycle_id)
        for row in shown.rows.get(roster["id"], ())
        if row["decision"] == "approve"
    }
    enrolled = {f"{one['roster_id']}#{one['position']}": "approve" for one in enrolments}
    found.compare("approved rows = enrolments 审核通过与入学", approved, enrolled)


def _certificates(found: Reconciliation, shown: Shown, pack: PolicyPack) -> None:
    """Who completed, by enrollment twice over and by certification; then the numbers."""
    completed = {
        one["id"]: one["certificate_number"]
        for one in shown.of("enrollment.enrolment", pack.cycle_id)
        if one["status"] == "completed"
    }
    met = {
        row["enrolment_id"]: True
        for completion in shown.of("enrollment.completion", pack.cycle_id)
        for row in shown.rows.get(completion["id"], ())
        if row["met"]
    }
    found.compare("completed enrolments = completions 结业", dict.fromkeys(completed, True), met)
    certificates = shown.of("certification.certificate", pack.cycle_id)
    if pack.certificate is not None:
        numbers = {one["enrolment_id"]: one["number"] for one in certificates}
        found.compare("completed = certificates 结业与证书", completed, numbers)
        serials = Counter(str(_serial(pack, one)) for one in certificates)
        gapless = {str(number): 1 for number in range(1, len(certificates) + 1)}
        found.compare("gapless numbers 证书编号连续", serials, gapless)


def _serial(pack: PolicyPack, certificate: Item) -> int:
    """Read the serial out of a number by the pattern of the pack; 0 when the number does not fit it."""
    pattern = pack.certificate.number.pattern if pack.certificate else ""
    parts = {"{cohort}": re.escape(pack.label), "{check}": "."}
    pieces = re.split(r"(\{[^}]*\})", pattern)
    serial = r"(?P<serial>[0-9]+)"
    form = "".join(
        parts.get(piece, serial if piece.startswith("{serial") else re.escape(piece)) for piece in pieces
    )
    fits = re.fullmatch(form, certificate["number"])
    return int(fits["serial"]) if fits else 0


def _suspensions(found: Reconciliation, shown: Shown, cycle_id: str) -> None:
    """Whom the final round suspends against whom the registry bars for it."""
    final = shown.final_round(cycle_id)
    if final is None:
        return
    decided = {one["institution_id"]: final["id"] for one in shown.results(final["id"]) if one["suspended"]}
    barred = {
        one["institution_id"]: one["evaluation_id"]
        for one in shown.items["registry.suspension"]
        if one["evaluation_id"] == final["id"]
    }
    found.compare("suspended results = suspensions 暂停", decided, barred)


async def _fed(platform: Platform, reader: Actor) -> dict[str, int]:
    """Read the change feed to its end; keep the last version of every subject that is in sight."""
    kept: dict[str, int] = {}
    after: str | None = None
    while True:
        query = {"after": after} if after else {}
        page = await platform.get(reader, "/v1/changes", limit=_FEED_PAGE, **query)
        for change in page["items"]:
            subject = f"{change['resource']}/{change['id']}"
            if change["change"] == "exit":
                kept.pop(subject, None)
            else:
                kept[subject] = change["version"]
        after = page["next"]
        if not page["more"]:
            return kept


def show(found: Reconciliation, console: Console) -> None:
    """Print that everything agrees, with the numbers, or what differs and by which ids."""
    if found.holds:
        numbers = ", ".join(f"{check} {count:,}" for check, count in found.counts.items())
        console.print(f"reconciliation 对账: [green]OK[/green] ({numbers})", soft_wrap=True)
        return
    console.print("reconciliation 对账: [red]DIFFERS[/red]", soft_wrap=True)
    for check, lines in found.differences.items():
        console.print(f"  {check}: {len(lines)}", soft_wrap=True)
        for line in _first(lines):
            console.print(f"    {line}", soft_wrap=True, highlight=False, markup=False)


def _first(lines: list[str]) -> Iterable[str]:
    yield from lines[:_LISTED]
    if len(lines) > _LISTED:
        yield f"… {len(lines) - _LISTED} more"
