"""What came of a played cycle, read back through the public API: JSON for scripts; tables in `tables.py`."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deploy.demo.chapters.successor import ask_designations, suspended_ids
from deploy.demo.readback import Item, Shown
from deploy.demo.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The contract of `summary.json`. Heads count persons once; completions count trainee and class."""

    cycle: str
    trainees_approved: int
    trainees_completed: int
    certificates_issued: int
    institutions_suspended: list[str]
    verification_url: str
    seconds: float
    credentials: dict[str, dict[str, str]]
    classes: int
    nominations_refused: int
    rows_rejected: int
    floors: list[dict[str, Any]]
    persons_by_class_kind: dict[str, int]
    persons_by_department: dict[str, int]
    classes_by_kind: list[dict[str, Any]]
    liaison_forms: dict[str, int]
    rows_imported: dict[str, int]
    """What became of the rows of uploaded files, by outcome."""
    activities: int
    activity_participants: int
    rosters_returned: int
    withdrawn: int
    replaced: int
    institutions_evaluated: int
    suspended: list[dict[str, Any]]
    refused_designation: dict[str, str] | None
    reconciled: bool | None = None
    """None: nobody has compared the services yet."""


async def summarise(story: Story, shown: Shown, seconds: float, *, reconciled: bool | None = None) -> Summary:
    """Tell what stands now, by what was read back and not by what the story did."""
    cycle_id, base_url = story.cycle_id, story.platform.base_url
    progress, names = shown.progress[cycle_id], _names(shown)
    certificates = shown.of("certification.certificate", cycle_id)
    rosters = shown.of("enrollment.roster", cycle_id)
    approved = [one for one in rosters if one["status"] == "approved"]
    activities = shown.of("enrollment.activity", cycle_id)
    final = shown.final_round(cycle_id)
    results = shown.results(final["id"]) if final else []
    suspended = sorted((one for one in results if one["suspended"]), key=lambda one: one["rank"] or 0)
    return Summary(
        cycle=story.label,
        trainees_approved=progress["heads"],
        trainees_completed=sum(one["completed"] for one in shown.of("enrollment.completion", cycle_id)),
        certificates_issued=len(certificates),
        institutions_suspended=[names[one["institution_id"]] for one in suspended],
        verification_url=f"{base_url}{certificates[0]['verification_url']}" if certificates else base_url,
        seconds=round(seconds, 1),
        credentials=_credentials(story),
        classes=len(shown.of("registry.class", cycle_id)),
        nominations_refused=story.refused_nominations,
        rows_rejected=sum(one["rows"] - one["approved_rows"] for one in approved),
        floors=[_floor(one) for one in progress["floors"]],
        persons_by_class_kind={one["code"]: one["persons"] for one in progress["by_class_kind"]},
        persons_by_department={
            names.get(one["organisation_id"], one["organisation_id"]): one["persons"]
            for one in progress["by_department"]
        },
        classes_by_kind=_classes_by_kind(shown.of("registry.class", cycle_id)),
        liaison_forms=_liaison(shown, cycle_id),
        rows_imported=await _rows_imported(story),
        activities=len(activities),
        activity_participants=sum(one["attended"] for one in activities),
        rosters_returned=sum(one["status"] == "returned" for one in rosters),
        withdrawn=sum(one["status"] == "withdrawn" for one in shown.of("enrollment.enrolment", cycle_id)),
        replaced=sum(
            row["decision"] == "approve" and row.get("replaces_enrolment_id") is not None
            for one in approved
            for row in shown.rows[one["id"]]
        ),
        institutions_evaluated=sum(one["attempts"] > 0 for one in results),
        suspended=[
            {
                "institution": names[one["institution_id"]],
                "total": one["total"],
                "rank": one["rank"],
                "ground": one["ground"],
            }
            for one in suspended
        ],
        refused_designation=await _refused_designation(story),
        reconciled=reconciled,
    )


def _names(shown: Shown) -> dict[str, str]:
    return {one["id"]: one["name_zh"] for one in shown.items["registry.organisation"]}


def _floor(floor: Item) -> dict[str, Any]:
    """Give a floor as persons, or as a share with the persons behind it."""
    return {
        "code": floor["code"],
        "required": floor["min_persons"] if floor["min_share"] is None else floor["min_share"],
        "measured": floor["numerator"],
        "share": floor["share"],
        "reached": floor["reached"],
    }


def _classes_by_kind(classes: list[Item]) -> list[dict[str, Any]]:
    counted = Counter((one["kind"], one["arrangement"]) for one in classes)
    return [
        {"kind": kind, "arrangement": arrangement, "classes": count}
        for (kind, arrangement), count in sorted(counted.items())
    ]


def _liaison(shown: Shown, cycle_id: str) -> dict[str, int]:
    forms = shown.of("registry.liaison_form", cycle_id)
    departments = sum(one["kind"] == "department" for one in shown.items["registry.organisation"])
    late = sum(one["late"] for one in forms)
    return {"in_time": len(forms) - late, "late": late, "missing": departments - len(forms)}


async def _rows_imported(story: Story) -> dict[str, int]:
    """Read the reports of those who have uploaded files; nobody else sees them."""
    counted = Counter[str]()
    for importer in story.importers:
        async for one in story.platform.pages(importer, "/v1/imports"):
            counted.update(one["counts"])
    return dict(sorted(counted.items()))


async def _refused_designation(story: Story) -> dict[str, str] | None:
    """Ask the platform again for what it refused, and tell which evaluation it names."""
    if not story.following_id:
        return None
    names = {identifier: name for name, identifier in story.cast.ids.items()}
    for institution, answer in await ask_designations(story, await suspended_ids(story)):
        problem: dict[str, Any] = answer.get("problem") or {}
        if "evaluation_id" in problem:
            return {
                "institution": names[institution.organisation_id],
                "cycle": story.following_id,
                "evaluated_cycle": problem["evaluated_cycle_id"],
                "evaluation": problem["evaluation_id"],
                "reason": problem["detail"],
            }
    return None


def _credentials(story: Story) -> dict[str, dict[str, str]]:
    """Give one client of each kind of organisation, to try the docs page with."""
    shown = {"operator": story.operator}
    for actor in story.cast.actors.values():
        shown.setdefault(actor.kind, actor)
    return {
        kind: {"client_id": actor.client_id, "client_secret": actor.secret} for kind, actor in shown.items()
    }


def write(summary: Summary, home: Path) -> None:
    """Write `summary.json` whole or not at all; it holds secrets of the demo, so only its owner reads it."""
    path = home / "summary.json"
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(summary), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
