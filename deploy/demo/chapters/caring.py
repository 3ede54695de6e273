"""Beside chapters four and six: the trainees of a class consent, and take part in an activity (C23, C43)."""

from typing import Any

from deploy.demo.story import Course, Story

_HOST = "演练标杆企业(合成)"


async def consent(story: Story) -> None:
    """Publish what trainees are told, and record that those of the first class have consented."""
    course = _first(story)
    words = {
        "purpose": "training",
        "zh": "培训管理用途的个人信息告知(演练)",
        "en": "Rehearsal of a consent text",
    }
    bureau = story.cast.of_kind("bureau")
    platform = story.at(story.days.filed_on)
    text = await platform.post(bureau, "/v1/consent-texts", words, step=story.step("consent text"))
    given_at = story.days.moment(course.span.reviewed_on).isoformat()
    items = [
        {
            "person_id": trainee["person"]["id"],
            "purpose": text["purpose"],
            "version": text["version"],
            "channel": "paper",
            "given_at": given_at,
        }
        for trainee in await _admitted(story, course)
    ]
    platform = story.at(course.span.left_on)
    await platform.bulk(course.lead, "/v1/consents", items, step=story.step("consents", course.number))
    story.told("consents", len(items), len(items))


async def meet(story: Story) -> None:
    """Hold an activity for the first class with a place too few, and write down who came."""
    kinds = [one.code for one in story.pack.activity_kinds if not one.needs_certificate and not one.crosses]
    if not kinds:
        return
    course = _first(story)
    step = story.step("activity", course.number)
    trainees = [one for one in await _admitted(story, course) if one["status"] != "withdrawn"]
    day = course.span.taught_on(0, 1)
    item: dict[str, Any] = {
        "cycle_id": story.cycle_id,
        "kind": kinds[0],
        "title": f"演练班第{course.number}期活动",
        "host": _HOST,
        "place": "演练会议室",
        "place_department_id": story.cast.of_kind("department").organisation_id,
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "capacity": max(1, len(trainees) - 1),
    }
    platform = story.at(course.span.starts_on)
    planned = await platform.bulk(course.lead, "/v1/activities", [item], step=step)
    path = f"/v1/activities/{planned[0]['value']['id']}"
    await platform.post(course.lead, f"{path}/opening", {}, step=f"{step} opening")
    entries = [{"enrolment_id": trainee["id"]} for trainee in trainees]
    entered = await platform.bulk(course.lead, f"{path}/participants", entries, step=f"{step} participants")
    evening = story.at(day, hour=20)
    await evening.post(course.lead, f"{path}/holding", {}, step=f"{step} holding")
    came = [
        {"participant_id": result["value"]["id"], "attended": True}
        for result in entered
        if result["value"]["status"] == "registered"
    ]
    await evening.bulk(course.lead, f"{path}/attendance", came, step=f"{step} attendance")
    story.told("activities", 1, 1)


def _first(story: Story) -> Course:
    return next(course for course in story.courses if course.roster_id)


async def _admitted(story: Story, course: Course) -> list[dict[str, Any]]:
    """List whom the first roster has brought, whatever has become of them since, in the order of its rows."""
    found = story.platform.pages(course.lead, "/v1/enrolments", class_id=course.id)
    admitted = [one async for one in found if one["roster_id"] == course.roster_id]
    return sorted(admitted, key=lambda one: one["position"])
