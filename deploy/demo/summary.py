"""What came of a played cycle, read back through the public API: a table for people, JSON for scripts."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

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


async def read_back(story: Story, seconds: float) -> Summary:
    """Ask the platform, not the story, what stands now."""
    platform = story.platform
    bureau = story.cast.of_kind("bureau")
    progress = await platform.get(bureau, "/v1/progress", cycle_id=story.cycle_id)
    completed = 0
    for course in story.courses:
        async for completion in platform.pages(bureau, "/v1/completions", class_id=course.id):
            completed += completion["completed"]
    issued, first = 0, ""
    async for certificate in platform.pages(bureau, "/v1/certificates", cycle_id=story.cycle_id):
        issued += 1
        first = first or certificate["verification_url"]
    suspended = [
        designation["institution_id"]
        async for designation in platform.pages(None, "/v1/designations", cycle_id=story.cycle_id)
        if designation["status"] == "suspended"
    ]
    names = {actor.organisation_id: name for name, actor in story.cast.actors.items()}
    return Summary(
        cycle=story.label,
        trainees_approved=progress["heads"],
        trainees_completed=completed,
        certificates_issued=issued,
        institutions_suspended=[names[identifier] for identifier in suspended],
        verification_url=f"{platform.base_url}{first}",
        seconds=round(seconds, 1),
        credentials=_credentials(story),
        classes=len(story.courses),
        nominations_refused=story.refused_nominations,
        rows_rejected=story.rejected_rows,
    )


def _credentials(story: Story) -> dict[str, dict[str, str]]:
    """Give one client of each kind of organisation, to try the docs page with."""
    shown = {"operator": story.operator}
    for actor in story.cast.actors.values():
        shown.setdefault(actor.kind, actor)
    return {
        kind: {"client_id": actor.client_id, "client_secret": actor.secret} for kind, actor in shown.items()
    }


def show(summary: Summary, console: Console) -> None:
    """Print the table and the addresses that a newcomer wants next."""
    console.print(f"{summary.cycle} 领军人才培训 (演练 rehearsal, synthetic people)", soft_wrap=True)
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    rows = {
        "classes 班次": summary.classes,
        "nominations refused by screening 初审未通过": summary.nominations_refused,
        "roster rows rejected by the reviewer 审核退出": summary.rows_rejected,
        "trainees approved 学员人数": summary.trainees_approved,
        "completed 结业": summary.trainees_completed,
        "certificates issued 证书": summary.certificates_issued,
        "seconds 用时": summary.seconds,
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    console.print(table)
    base_url = summary.verification_url.partition("/verify/")[0]
    console.print(f"docs          {base_url}/docs", soft_wrap=True)
    console.print(f"verification  {summary.verification_url}", soft_wrap=True)
    for kind, pair in summary.credentials.items():
        console.print(f"{kind:<24} {pair['client_id']} {pair['client_secret']}", soft_wrap=True)


def write(summary: Summary, home: Path) -> None:
    """Write `summary.json` whole or not at all; it holds secrets of the demo, so only its owner reads it."""
    path = home / "summary.json"
    draft = path.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(summary), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
