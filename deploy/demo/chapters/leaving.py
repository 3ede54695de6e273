"""Chapter five: some trainees leave before their class begins, and some are replaced (Q7, Q8)."""

from typing import Any

from deploy.demo.chapters import people, rosters
from deploy.demo.client import Actor
from deploy.demo.story import Course, Story
from deploy.demo.synthetic import make_managers

LEAVE_EVERY, REPLACE_EVERY = 10, 4
"""One trainee leaves in one of so many classes; one is replaced in one of so many whose selection runs on."""
_LEAST = 3
"""A class of fewer trainees is spared."""


async def leave(story: Story) -> None:
    """Withdraw trainees whose places stay empty, and replace others by a new roster."""
    closed = [one for one in story.courses if one.counts and one.span.closes_on < one.span.left_on]
    running_on = [one for one in story.courses if one.counts and one.span.closes_on >= one.span.left_on]
    await story.each("withdrawals", closed[::LEAVE_EVERY], lambda course: _withdraw(story, course))
    replaced = list(enumerate(running_on[::REPLACE_EVERY]))
    await story.each("replacements", replaced, lambda one: _replace(story, one[1], one[0]))


async def _withdraw(story: Story, course: Course) -> None:
    leaver = await _leaver(story, course)
    if leaver is None:
        return
    body = {"reason": "企业工作安排冲突，本人申请退出(演练)"}
    step = story.step("withdrawal", course.number)
    path = f"/v1/enrolments/{leaver['id']}/withdrawal"
    await story.at(course.span.left_on).post(course.lead, path, body, step=step)


async def _replace(story: Story, course: Course, number: int) -> None:
    """Put forward somebody new, on the next roster of the class, in the place of who leaves (Q8)."""
    leaver = await _leaver(story, course)
    if leaver is None:
        return
    step = story.step("replacement", course.number)
    item = await _newcomer(story, course, number)
    platform = story.at(course.span.replaced_on)
    (named,) = await platform.bulk_over_lag(
        course.selector, "/v1/nominations", [item], step=f"{step} nomination"
    )
    nomination_id = named["value"]["id"]
    mark = {"nomination_id": nomination_id, "enrolment_id": leaver["id"]}
    body = {"class_id": course.id, "nomination_ids": [nomination_id], "replacements": [mark]}
    roster_id = await rosters.submit(story, course, body, step, course.span.replaced_on)
    await rosters.review(story, roster_id, 1, step, course.span.replaced_on)


async def _leaver(story: Story, course: Course) -> dict[str, Any] | None:
    """Choose the last of the first roster, whatever has become of it since."""
    enrolments = [
        one
        async for one in story.platform.pages(course.lead, "/v1/enrolments", class_id=course.id)
        if one["roster_id"] == course.roster_id
    ]
    return max(enrolments, key=lambda one: one["position"]) if len(enrolments) >= _LEAST else None


async def _newcomer(story: Story, course: Course, number: int) -> dict[str, Any]:
    """Make a manager of whom nobody has heard, with an enterprise that its department states."""
    departments: dict[str, Actor] = dict(story.cast.departments())
    first = story.trainees + people.spare_numbers(story) + number
    tiers = [tier.code for tier in story.pack.tiers]
    (manager,) = make_managers(1, list(departments), tiers, seed=first, first=first)
    home = departments[manager.enterprise.department_code]
    item = people.enterprise_item(story, manager.enterprise, home)
    step = story.step("newcomer", course.number)
    await story.at(course.span.replaced_on).bulk_over_lag(home, "/v1/enterprises", [item], step=step)
    return people.nomination(story, course, manager)
