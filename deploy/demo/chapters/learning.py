"""Chapter six: sessions and attendance; at the end of the training completion and certificates."""

from typing import Any

from deploy.demo.story import SESSIONS, Course, Story

ABSENT_EVERY = 15
"""One trainee in this many comes to the first session only, and does not complete."""


async def teach(story: Story) -> None:
    """Start every class, hold its sessions and record who came."""
    await story.each("sessions", _filled(story), lambda course: _teach(story, course))


def _filled(story: Story) -> list[Course]:
    return [course for course in story.courses if course.roster_id]


async def _teach(story: Story, course: Course) -> None:
    step, platform = story.step("class", course.number), story.at(course.span.starts_on)
    await platform.post(course.lead, f"/v1/classes/{course.id}/start", {}, step=f"{step} start")
    enrolments: list[str] = [
        enrolment["id"]
        async for enrolment in platform.pages(course.lead, "/v1/enrolments", class_id=course.id)
        if enrolment["status"] not in {"withdrawn", "merged"}
    ]
    modes = [mode.code for mode in story.pack.session_modes]
    items = [
        {
            "class_id": course.id,
            "title": title,
            "mode": mode if mode in modes else modes[0],
            "method": "lecture" if mode in {"intensive", "classroom"} else "visit",
            "starts_at": story.days.moment(course.span.taught_on(place, len(SESSIONS))).isoformat(),
            "minutes": minutes,
        }
        for place, (title, mode, minutes) in enumerate(SESSIONS)
    ]
    step = story.step("sessions", course.number)
    results = await platform.bulk_over_lag(course.lead, "/v1/sessions", items, step=step)
    for place, result in enumerate(results):
        session = result["value"]
        attendance: list[dict[str, Any]] = [
            {"enrolment_id": enrolment, "minutes": session["minutes"]}
            for number, enrolment in enumerate(enrolments)
            if place == 0 or number % ABSENT_EVERY != ABSENT_EVERY - 1
        ]
        path = f"/v1/sessions/{session['id']}/attendance"
        evening = story.at(course.span.taught_on(place, len(SESSIONS)), hour=20)
        await evening.bulk(course.lead, path, attendance, step=f"{step} attendance {place}")


async def finish(story: Story) -> None:
    """Close every class on its last day; have completion computed, proposed and confirmed (C40)."""

    async def close(course: Course) -> None:
        step, evening = story.step("class", course.number), story.at(course.span.ends_on, hour=18)
        await evening.post(course.lead, f"/v1/classes/{course.id}/finish", {}, step=f"{step} finish")

    await story.each("classes finished", _filled(story), close)
    await story.each("completions", _filled(story), lambda course: _complete(story, course))


async def _complete(story: Story, course: Course) -> None:
    step, body = story.step("completion", course.number), {"class_id": course.id}
    proposal = await story.at(course.span.proposed_on).post(course.lead, "/v1/completions", body, step=step)
    path = f"/v1/completions/{proposal['id']}/confirmation"
    confirming = story.holder("confirm_completion", second=True)
    platform = story.at(course.span.confirmed_on)
    await platform.post(confirming, path, {}, step=f"{step} confirmation")


async def certify(story: Story) -> None:
    """Issue the certificates, class after class in the order in which they ended: numbers follow it (C40)."""
    if story.pack.certificate is None:
        return
    issuing = story.holder("issue_certificates")
    courses = sorted(_filled(story), key=lambda course: (course.span.ends_on, course.number))
    for done, course in enumerate(courses, 1):
        platform = story.at(course.span.certified_on)
        step = story.step("certificates", course.number)
        await platform.post(issuing, "/v1/certificate-batches", {"class_id": course.id}, step=step)
        story.told("certificates", done, len(courses))
