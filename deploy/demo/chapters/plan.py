"""Chapter one: who takes part, the notice, liaison forms, designations, classes."""

from datetime import date, timedelta
from typing import Any

import yaml

from deploy.demo.cast import register
from deploy.demo.story import SESSIONS, Course, Story

PUBLIC_OFFICE_PHONE = "010-00000000"


async def publish(story: Story) -> None:
    """Register who takes part; the bureau loads every pack and activates the one to be played."""
    documents = {label: yaml.load(text, Loader=yaml.CSafeLoader) for label, text in story.packs.items()}
    written = documents[story.label]
    story.cycle_id = f"{written['programme']['code']}.{written['cycle']['label']}"
    story.date_acts(date.fromisoformat(str(written["notice"]["signed_on"])))
    offices = {
        office["code"]: office for document in documents.values() for office in document.get("offices", ())
    }
    story.cast = await register(story.platform, story.operator, offices, story.told)
    bureau = story.cast.of_kind("bureau")
    for label, text in story.packs.items():
        await story.platform.post(bureau, "/v1/policy-packs", {"yaml": text}, step=f"pack {label}")
    path = f"/v1/policy-packs/{story.cycle_id}/activation"
    await story.platform.post(bureau, path, {}, step=story.step("activation"))
    shown = await story.platform.get(None, f"/v1/policy-packs/{story.cycle_id}")
    story.pack = shown["document"]


async def liaison(story: Story) -> None:
    """Let every department answer the liaison form in time (C19)."""
    story.date_acts(story.deadline("liaison_forms") - timedelta(days=1))
    departments = story.cast.departments()
    for done, (code, actor) in enumerate(departments, 1):
        fields = {f["code"]: _answer(f, code) for f in story.pack["liaison_form"]["fields"]}
        body = {"cycle_id": story.cycle_id, "fields": fields}
        await story.platform.post(actor, "/v1/liaison-forms", body, step=story.step("liaison", code))
        story.told("liaison forms", done, len(departments))


def _answer(field: dict[str, Any], code: str) -> str:
    by_kind = {"phone": PUBLIC_OFFICE_PHONE, "email": f"liaison-{code}@example.invalid"}
    return by_kind.get(field["kind"], f"演练{code}")


async def designate(story: Story) -> None:
    """Designate the institutions that the notice names, for the kinds that ask for it (C13)."""
    story.date_acts(story.deadline("liaison_forms") + timedelta(days=3))
    institutions = story.cast.institutions(story.label)
    course_kinds = {kind["code"]: kind for kind in story.pack["class_kinds"]}
    kinds = [
        rule["kind"]
        for rule in story.pack["arrangement_rules"]
        if rule["arrangement"] == "own"
        and rule["designation_required"] == "designated"
        and course_kinds[rule["kind"]]["counts_toward_target"]
    ]
    items = [
        {
            "cycle_id": story.cycle_id,
            "institution_id": actor.organisation_id,
            "class_kinds": kinds,
            "assessment_reference": f"演练评估-{number:02d}",
            "selection_reference": f"演练遴选-{number:02d}",
        }
        for number, actor in enumerate(institutions, 1)
    ]
    holder = story.cast.holder(story.pack, "designate_institutions")
    await story.platform.bulk(holder, "/v1/designations", items, step=story.step("designations"))
    story.told("designations", len(items), len(items))
    story.courses = [
        Course(actor, kinds[number % len(kinds)], number) for number, actor in enumerate(institutions, 1)
    ]


async def file_classes(story: Story) -> None:
    """Let every institution file one class with its training plan; have it agreed and approved (C32)."""
    story.date_acts(story.deadline("liaison_forms") + timedelta(days=8))
    agreeing = story.cast.holder(story.pack, "agree_training_plans")
    approving = story.cast.holder(story.pack, "approve_classes")
    for done, course in enumerate(story.courses, 1):
        await _draft(story, course)
        path, step = f"/v1/classes/{course.id}", story.step("class", course.number)
        # A play that goes on where another was cut short finds the class filed, and its plan fixed.
        if (await story.platform.get(course.lead, path))["status"] == "draft":
            plan = _training_plan(story, course)
            await story.platform.put(course.lead, f"{path}/training-plan", plan, step=step)
        await story.platform.post(course.lead, f"{path}/filing", {}, step=f"{step} filing")
        await story.platform.post(agreeing, f"{path}/agreement", {}, step=f"{step} agreement")
        await story.platform.post(approving, f"{path}/approval", {}, step=f"{step} approval")
        story.told("classes", done, len(story.courses))


async def _draft(story: Story, course: Course) -> None:
    departments = story.cast.departments()
    draft: dict[str, Any] = {
        "cycle_id": story.cycle_id,
        "kind": course.kind,
        "arrangement": "own",
        "title_zh": f"演练班第{course.number}期",
        "title_en": f"Rehearsal class {course.number}",
        "lead_id": course.lead.organisation_id,
        "institution_ids": [course.lead.organisation_id],
        "co_organisers": [],
        "place_department_id": departments[course.number % len(departments)][1].organisation_id,
        "starts_on": story.starts_on.isoformat(),
        "ends_on": story.ends_on.isoformat(),
        "capacity": 200,
    }
    step = story.step("class", course.number, "draft")
    result = (await story.platform.bulk(course.lead, "/v1/classes", [draft], step=step))[0]
    course.id = result["value"]["id"]


def _training_plan(story: Story, course: Course) -> dict[str, Any]:
    departments = story.cast.departments()
    place = departments[course.number % len(departments)][1].organisation_id
    directions = [direction["code"] for direction in story.pack.get("course_directions", ())]
    return {
        "courses": [
            {
                "title": title,
                "minutes": minutes,
                "method": "lecture" if mode in {"intensive", "classroom"} else "visit",
                "mode": mode,
                "directions": directions[place : place + 1],
            }
            for place, (title, mode, minutes) in enumerate(SESSIONS)
        ],
        "base_visits": [],
        "budget_heads": [],
        "completion": {"min_attendance_percent": 80, "min_minutes": 2000},
        "consenting_ids": [place, course.lead.organisation_id],
    }
