"""Chapter two: enterprises, nominations over both channels, rosters reviewed row by row."""

from datetime import timedelta
from typing import Any

from deploy.demo.client import Actor
from deploy.demo.story import Course, Story
from deploy.demo.synthetic import Manager, make_managers

REJECT_EVERY = 40
"""One row in this many is rejected by the reviewer."""
BOTH_CHANNELS_EVERY = 12
"""One manager in this many is named by department and institution alike: both keep credit (C34)."""


async def nominate(story: Story) -> None:
    """Fill the classes: half recommended by departments, half selected by institutions (C34)."""
    story.date_acts(story.deadline("selection") - timedelta(days=25))
    departments = dict(story.cast.departments())
    managers = make_managers(story.trainees, list(departments), seed=len(story.courses))
    await _register_enterprises(story, managers, departments)
    for number, manager in enumerate(managers):
        story.courses[number % len(story.courses)].managers.append(manager)
    steps = len(story.courses) + len(departments)
    recommended: dict[str, list[dict[str, Any]]] = {code: [] for code in departments}
    for done, course in enumerate(story.courses, 1):
        await _select(story, course, recommended)
        story.told("nominations", done, steps)
    for done, (code, items) in enumerate(recommended.items(), len(story.courses) + 1):
        if items:
            await _nominate(story, departments[code], items, story.step("nominations", code))
        story.told("nominations", done, steps)


async def _register_enterprises(story: Story, managers: list[Manager], departments: dict[str, Actor]) -> None:
    for done, (code, actor) in enumerate(departments.items(), 1):
        own = [manager.enterprise for manager in managers if manager.enterprise.department_code == code]
        items = [
            {
                "uscc": enterprise.uscc,
                "name": enterprise.name,
                "department_id": actor.organisation_id,
                "industry_code": enterprise.industry_code,
                "employees": enterprise.employees,
                "revenue_wan": enterprise.revenue_wan,
                "assets_wan": enterprise.assets_wan,
            }
            for enterprise in own
        ]
        await story.platform.bulk(actor, "/v1/enterprises", items, step=story.step("enterprises", code))
        story.told("enterprises", done, len(departments))


async def _select(story: Story, course: Course, recommended: dict[str, list[dict[str, Any]]]) -> None:
    """Let the lead select its half; the other half is added to what the departments will recommend."""
    selected: list[dict[str, Any]] = []
    for place, manager in enumerate(course.managers):
        item = _nomination(story, course, manager)
        both = place % BOTH_CHANNELS_EVERY == 0
        if place % 2 or both:
            selected.append(item)
        if not place % 2 or both:
            recommended[manager.enterprise.department_code].append(item)
    if course.managers:
        selected.append(_mistyped(_nomination(story, course, course.managers[0])))
        await _nominate(story, course.lead, selected, story.step("nominations", course.number))


async def _nominate(story: Story, actor: Actor, items: list[dict[str, Any]], step: str) -> None:
    results = await story.platform.bulk(actor, "/v1/nominations", items, step=step)
    story.refused_nominations += sum(result.get("problem") is not None for result in results)


def _nomination(story: Story, course: Course, manager: Manager) -> dict[str, Any]:
    group = story.pack["target_groups"][0]
    return {
        "class_id": course.id,
        "enterprise_uscc": manager.enterprise.uscc,
        "person": {
            "name": manager.name,
            "document": {"kind": "resident_card", "number": manager.card_number},
            "phone": manager.phone,
            "post": manager.post,
        },
        "target_group": group["code"],
        "evidence": {word["code"]: f"{word['zh']}(合成)" for word in group.get("evidence", ())},
        "declarations": [declaration["code"] for declaration in story.pack.get("declarations", ())],
    }


def _mistyped(item: dict[str, Any]) -> dict[str, Any]:
    """Break the check character, as a hurried clerk would: the platform must refuse this one alone."""
    document = item["person"]["document"]
    last = document["number"][-1]
    wrong = {**document, "number": document["number"][:-1] + ("0" if last != "0" else "1")}
    return {**item, "person": {**item["person"], "document": wrong}}


async def admit(story: Story) -> None:
    """Submit every roster in time and have it reviewed row by row by whom the pack names (C36, C37)."""
    for done, course in enumerate(story.courses, 1):
        story.date_acts(story.deadline("selection") - timedelta(days=10))
        body = {"class_id": course.id}
        step = story.step("roster", course.number)
        roster = await story.platform.post(course.lead, "/v1/rosters", body, step=step)
        course.roster_id = roster["id"]
        path = f"/v1/rosters/{course.roster_id}"
        await story.platform.post(course.lead, f"{path}/submission", {}, step=f"{step} submission")
        story.date_acts(story.deadline("selection") + timedelta(days=7))
        await _review(story, course)
        story.told("rosters", done, len(story.courses))


async def _review(story: Story, course: Course) -> None:
    reviewer = story.cast.holder(story.pack, "review_rosters", second=True)
    path, step = f"/v1/rosters/{course.roster_id}", story.step("roster", course.number)
    decisions = []
    async for row in story.platform.pages(reviewer, f"{path}/rows"):
        if row["position"] % REJECT_EVERY == REJECT_EVERY // 2:
            reason = "申报材料与企业登记信息不一致(演练)"
            decisions.append({"position": row["position"], "decision": "reject", "reason": reason})
        else:
            decisions.append({"position": row["position"], "decision": "approve"})
    await story.platform.bulk(reviewer, f"{path}/decisions", decisions, step=f"{step} decisions")
    await story.platform.post(reviewer, f"{path}/approval", {}, step=f"{step} approval")
    rejected = sum(decision["decision"] == "reject" for decision in decisions)
    story.rejected_rows += rejected
    course.approved = len(decisions) - rejected
