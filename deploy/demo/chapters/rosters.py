"""Chapter four: rosters submitted, one returned and submitted again, reviewed row by row (C36, C37)."""

from datetime import date
from typing import Any

from deploy.demo.story import Course, Story

REJECT_EVERY = 40
"""One row in this many is rejected by the reviewer."""
RETURN_EVERY = 30
"""One roster in this many is returned with a reason, and comes again as the next one."""


async def admit(story: Story) -> None:
    """Submit every roster in time and have it reviewed by whom the pack names."""
    for courses in story.by_closing():
        filled = [course for course in courses if course.nominations]
        bar = f"rosters {courses[0].span.closes_on:%m-%d}"
        await story.each(bar, filled, lambda course: _admit(story, course))


async def _admit(story: Story, course: Course) -> None:
    step = story.step("roster", course.number)
    rows: list[str] = [course.nominations[place] for place in sorted(course.nominations)]
    if course.number % RETURN_EVERY == 1:
        returned = await _submit(story, course, rows, step, course.span.submitted_on)
        reason = {"reason": "部分佐证材料未加盖公章，请补齐后重新报送(演练)"}
        reviewing = story.holder("review_rosters", second=True)
        platform = story.at(course.span.returned_on)
        await platform.post(reviewing, f"/v1/rosters/{returned}/return", reason, step=f"{step} return")
        step = f"{step} again"
    course.roster_id = await _submit(story, course, rows, step, course.span.submitted_again_on)
    await review(story, course.roster_id, len(set(rows)), step, course.span.reviewed_on)


async def _submit(story: Story, course: Course, rows: list[str], step: str, day: date) -> str:
    body: dict[str, Any] = {"class_id": course.id, "nomination_ids": rows}
    return await submit(story, course, body, step, day)


async def submit(story: Story, course: Course, body: dict[str, Any], step: str, day: date) -> str:
    """Draft the next roster of a class and hand it in; give its id."""
    platform = story.at(day)
    roster = await platform.post(course.lead, "/v1/rosters", body, step=step)
    path = f"/v1/rosters/{roster['id']}/submission"
    await platform.post(course.lead, path, {}, step=f"{step} submission")
    return str(roster["id"])


async def review(story: Story, roster_id: str, rows: int, step: str, day: date) -> None:
    """Decide every row, and approve the roster."""
    reviewing, platform = story.holder("review_rosters", second=True), story.at(day)
    path = f"/v1/rosters/{roster_id}"
    decisions = [_decision(position) for position in range(1, rows + 1)]
    await platform.bulk(reviewing, f"{path}/decisions", decisions, step=f"{step} decisions")
    await platform.post(reviewing, f"{path}/approval", {}, step=f"{step} approval")


def _decision(position: int) -> dict[str, Any]:
    if position % REJECT_EVERY != REJECT_EVERY // 2:
        return {"position": position, "decision": "approve"}
    reason = "申报材料与企业登记信息不一致(演练)"
    return {"position": position, "decision": "reject", "reason": reason}
