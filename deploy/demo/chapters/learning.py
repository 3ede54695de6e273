"""Chapter three: sessions and attendance, completion, certificates."""

from datetime import datetime, timedelta
from typing import Any

from deploy.demo.story import SESSIONS, SHANGHAI, Course, Story

ABSENT_EVERY = 15
"""One trainee in this many comes to the first session only, and does not complete."""


async def teach(story: Story) -> None:
    """Run every class: start it, hold its sessions, record who came, finish it."""
    for done, course in enumerate(story.courses, 1):
        step = story.step("class", course.number)
        story.date_acts(story.starts_on)
        await story.platform.post(course.lead, f"/v1/classes/{course.id}/start", {}, step=f"{step} start")
        course.enrolments = [
            enrolment["id"]
            async for enrolment in story.platform.pages(course.lead, "/v1/enrolments", class_id=course.id)
        ]
        await _hold_sessions(story, course)
        story.date_acts(story.ends_on, hour=18)
        await story.platform.post(course.lead, f"/v1/classes/{course.id}/finish", {}, step=f"{step} finish")
        story.told("sessions", done, len(story.courses))


async def _hold_sessions(story: Story, course: Course) -> None:
    step = story.step("sessions", course.number)
    items = [
        {
            "class_id": course.id,
            "title": title,
            "mode": mode,
            "method": "lecture" if mode in {"intensive", "classroom"} else "visit",
            "starts_at": _session_start(story, place).isoformat(),
            "minutes": minutes,
        }
        for place, (title, mode, minutes) in enumerate(SESSIONS)
    ]
    results = await story.platform.bulk(course.lead, "/v1/sessions", items, step=step)
    for place, result in enumerate(results):
        session = result["value"]
        story.date_acts((_session_start(story, place) + timedelta(days=2)).date())
        attendance: list[dict[str, Any]] = [
            {"enrolment_id": enrolment, "minutes": session["minutes"]}
            for number, enrolment in enumerate(course.enrolments)
            if place == 0 or number % ABSENT_EVERY != ABSENT_EVERY - 1
        ]
        path = f"/v1/sessions/{session['id']}/attendance"
        await story.platform.bulk(course.lead, path, attendance, step=f"{step} attendance {place}")


def _session_start(story: Story, place: int) -> datetime:
    day = story.starts_on + timedelta(days=60 * place + 7)
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


async def certify(story: Story) -> None:
    """Have completion computed, proposed and confirmed; issue the certificates (C40)."""
    confirming = story.cast.holder(story.pack, "confirm_completion", second=True)
    issuing = story.cast.holder(story.pack, "issue_certificates")
    for done, course in enumerate(story.courses, 1):
        step = story.step("completion", course.number)
        story.date_acts(story.ends_on + timedelta(days=3))
        body = {"class_id": course.id}
        proposal = await story.platform.post(course.lead, "/v1/completions", body, step=step)
        story.date_acts(story.ends_on + timedelta(days=10))
        path = f"/v1/completions/{proposal['id']}/confirmation"
        confirmed = await story.platform.post(confirming, path, {}, step=f"{step} confirmation")
        course.completed = confirmed["completed"]
        story.date_acts(story.ends_on + timedelta(days=17))
        step = story.step("certificates", course.number)
        batch = await story.platform.post(issuing, "/v1/certificate-batches", body, step=step)
        course.issued = batch["count"]
        story.told("certificates", done, len(story.courses))
