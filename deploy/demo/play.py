"""Play one cycle against a gateway, with a progress bar per step."""

import time
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.demo import summary
from deploy.demo.chapters import learning, people, plan
from deploy.demo.client import Actor, Platform
from deploy.demo.story import Story

CHAPTERS = (
    plan.publish,
    plan.liaison,
    plan.designate,
    plan.file_classes,
    people.nominate,
    people.admit,
    learning.teach,
    learning.certify,
)


async def play(story: Story) -> summary.Summary:
    """Play all chapters, then read back what stands."""
    began = time.monotonic()
    for chapter in CHAPTERS:
        await chapter(story)
    story.platform.now = None
    return await summary.read_back(story, time.monotonic() - began)


async def play_and_show(
    base_url: str, operator: Actor, packs: Mapping[str, str], *, label: str, trainees: int, home: Path
) -> summary.Summary:
    """Play with bars on the terminal, print the table, write `summary.json` to `home`."""
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
            told_story = Story(platform, operator, packs, label, trainees, told)
            result = await play(told_story)
    finally:
        await platform.close()
    summary.show(result, console)
    summary.write(result, home)
    return result
