"""Play one cycle against a gateway, with a progress bar per step, and reconcile what came of it."""

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.demo import reconcile, summary, tables
from deploy.demo.chapters import (
    caring,
    classes,
    evaluation,
    learning,
    leaving,
    notice,
    people,
    rosters,
    successor,
)
from deploy.demo.client import Actor, Platform
from deploy.demo.readback import read_all
from deploy.demo.story import Story

CHAPTERS = (
    notice.publish,
    notice.liaison,
    notice.designate,
    classes.file_classes,
    people.nominate,
    rosters.admit,
    caring.consent,
    leaving.leave,
    learning.teach,
    caring.meet,
    evaluation.evaluate,
    learning.finish,
    learning.certify,
    evaluation.conclude,
    successor.succeed,
)


async def play(story: Story) -> summary.Summary:
    """Play all chapters, then read back what stands."""
    began = time.monotonic()
    for chapter in CHAPTERS:
        await chapter(story)
    shown = await read_all(story.platform, story.cast.of_kind("bureau"))
    return await summary.summarise(story, shown, time.monotonic() - began)


async def play_reconciled(story: Story) -> tuple[summary.Summary, reconcile.Reconciliation]:
    """Play all chapters, then compare what the services say until they agree."""
    began = time.monotonic()
    for chapter in CHAPTERS:
        await chapter(story)
    found, shown = await reconcile.reconcile(story.platform, story.cast.of_kind("bureau"))
    seconds = time.monotonic() - began
    return await summary.summarise(story, shown, seconds, reconciled=found.holds), found


async def play_and_show(
    base_url: str, operator: Actor, packs: Mapping[str, str], *, label: str, trainees: int, home: Path
) -> bool:
    """Play with bars on the terminal, print the tables, write `summary.json`; tell whether all agrees."""
    console = Console()
    bars = Progress(
        TextColumn("{task.description:<18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
    tasks: dict[str, TaskID] = {}

    def told(step: str, done: int, of: int) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(step, total=of)
        bars.update(tasks[step], completed=done)

    platform = Platform(base_url)
    try:
        with bars:
            result, found = await play_reconciled(Story(platform, operator, packs, label, trainees, told))
    finally:
        await platform.close()
    tables.show(result, console)
    reconcile.show(found, console)
    tables.show_addresses(result, console)
    summary.write(result, home)
    return found.holds
