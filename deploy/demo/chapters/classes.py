"""Chapter two: classes of every kind and arrangement are filed with their plans, and approved."""

from typing import Any

from deploy.demo.client import Refused
from deploy.demo.courses import plan_courses
from deploy.demo.story import SESSIONS, Course, Story

_SEATS = 200


async def file_classes(story: Story) -> None:
    """Have every class filed, agreed, coordinated where the pack asks it, and approved (C29, C32)."""
    story.courses = plan_courses(story)
    await story.each("classes", story.courses, lambda course: _file(story, course))


async def _file(story: Story, course: Course) -> None:
    platform = story.at(story.days.filed_on)
    step = story.step("class", course.number)
    drafted = await platform.bulk(course.filer, "/v1/classes", [_draft(story, course)], step=f"{step} draft")
    course.id = drafted[0]["value"]["id"]
    path = f"/v1/classes/{course.id}"
    try:
        plan = _training_plan(story, course)
        await platform.put(course.filer, f"{path}/training-plan", plan, step=f"{step} plan")
    except Refused as refused:
        # A play that goes on where another was cut short finds the class filed, and its plan fixed.
        if not refused.says("class-state-forbids"):
            raise
    await platform.post(course.filer, f"{path}/filing", {}, step=f"{step} filing")
    if story.pack.training_plan is not None:
        agreeing = story.holder("agree_training_plans")
        await platform.post(agreeing, f"{path}/agreement", {}, step=f"{step} agreement")
    if course.coordinated:
        coordinating = story.holder("coordinate_commissioned_classes")
        await platform.post(coordinating, f"{path}/coordination", {}, step=f"{step} coordination")
    approving = story.holder("approve_classes")
    await platform.post(approving, f"{path}/approval", {}, step=f"{step} approval")


def _draft(story: Story, course: Course) -> dict[str, Any]:
    draft: dict[str, Any] = {
        "cycle_id": story.cycle_id,
        "kind": course.kind,
        "arrangement": course.arrangement,
        "title_zh": f"演练班第{course.number}期",
        "title_en": f"Rehearsal class {course.number}",
        "lead_id": course.lead.organisation_id,
        "institution_ids": [teacher.organisation_id for teacher in course.teachers],
        "co_organisers": [{"organisation_id": one, "kind": kind} for one, kind in course.partners],
        "place_department_id": _place(story, course),
        "starts_on": course.span.starts_on.isoformat(),
        "ends_on": course.span.ends_on.isoformat(),
        "capacity": _SEATS,
    }
    return draft | ({"special_topic": course.topic} if course.topic else {})


def _place(story: Story, course: Course) -> str:
    departments = story.cast.departments()
    return departments[course.number % len(departments)][1].organisation_id


def _training_plan(story: Story, course: Course) -> dict[str, Any]:
    directions = [direction.code for direction in story.pack.course_directions]
    modes = {mode.code for mode in story.pack.session_modes}
    least = story.pack.completion
    parties = [course.filer, course.lead, *course.teachers]
    consenting = [one.organisation_id for one in parties] + [one for one, _ in course.partners]
    return {
        "courses": [
            {
                "title": title,
                "minutes": minutes,
                "method": "lecture" if mode in {"intensive", "classroom"} else "visit",
                "mode": mode if mode in modes else None,
                "directions": directions[place : place + 1],
            }
            for place, (title, mode, minutes) in enumerate(SESSIONS)
        ],
        "base_visits": [],
        "budget_heads": [],
        "completion": {
            "min_attendance_percent": max(80, least.min_attendance_percent if least else 0),
            "min_minutes": max(2000, least.min_minutes if least else 0),
        },
        "consenting_ids": list(dict.fromkeys(consenting)),
    }
