"""Chapter three: enterprises with their tiers, and nominations over both channels."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from deploy.demo.chapters import imports
from deploy.demo.client import Actor
from deploy.demo.story import Course, Story
from deploy.demo.synthetic import Enterprise, Manager, make_managers, mistyped

BOTH_CHANNELS_EVERY = 12
"""One manager in this many is named by department and institution alike: both keep credit (C34)."""
_UNCOUNTED = 2, 40, 30
"""A class that does not count has at least 2 managers, one for every 40 of the cycle, and at most 30."""
_RECOGNISED, _EXPIRES = timedelta(days=400), timedelta(days=695)

Recommended = dict[str, list[tuple[Course, int]]]
"""Courses and places of the managers whom each department will recommend, by its code."""


async def nominate(story: Story) -> None:
    """Fill the classes: half recommended by departments, half selected by institutions (C34)."""
    departments = dict(story.cast.departments())
    enterprises = _fill(story, list(departments))
    await _register_enterprises(story, enterprises, departments)
    for courses in story.by_closing():
        await _nominate(story, courses, departments)


def _fill(story: Story, codes: list[str]) -> list[Enterprise]:
    """Spread the managers over the classes; half of those of a class that adds no heads count elsewhere."""
    counting = [course for course in story.courses if course.counts]
    uncounted = [course for course in story.courses if not course.counts]
    size = _uncounted_size(story)
    tiers = [tier.code for tier in story.pack.tiers]
    count = story.trainees + spare_numbers(story)
    managers = make_managers(count, codes, tiers, seed=len(story.courses))
    for number, manager in enumerate(managers[: story.trainees]):
        counting[number % len(counting)].managers.append(manager)
    for number, course in enumerate(uncounted):
        fresh = managers[story.trainees + number * size :][: size - size // 2]
        course.managers += managers[number * size :][: size // 2] + fresh
    return [manager.enterprise for manager in managers]


def _uncounted_size(story: Story) -> int:
    least, every, most = _UNCOUNTED
    return min(max(least, story.trainees // every), most)


def spare_numbers(story: Story) -> int:
    """Tell how many numbers after those of the trainees the classes that do not count may take."""
    return _uncounted_size(story) * sum(not course.counts for course in story.courses)


async def _register_enterprises(
    story: Story, enterprises: Sequence[Enterprise], departments: dict[str, Actor]
) -> None:
    own: dict[str, list[Enterprise]] = {code: [] for code in departments}
    for enterprise in enterprises:
        own[enterprise.department_code].append(enterprise)

    async def register(code: str) -> None:
        actor = departments[code]
        items = [enterprise_item(story, one, actor) for one in own[code]]
        platform = story.at(story.days.filed_on)
        await platform.bulk_over_lag(actor, "/v1/enterprises", items, step=story.step("enterprises", code))

    await story.each("enterprises", [code for code in departments if own[code]], register)


def enterprise_item(story: Story, enterprise: Enterprise, home: Actor) -> dict[str, Any]:
    """Write what its home department states of an enterprise, its title with invented dates."""
    item: dict[str, Any] = {
        "uscc": enterprise.uscc,
        "name": enterprise.name,
        "department_id": home.organisation_id,
        "industry_code": enterprise.industry_code,
        "employees": enterprise.employees,
        "revenue_wan": enterprise.revenue_wan,
        "assets_wan": enterprise.assets_wan,
    }
    if enterprise.tier:
        recognised_on: date = story.days.signed_on - _RECOGNISED
        item["tier"] = {
            "code": enterprise.tier,
            "number": f"演练-{enterprise.uscc[-6:]}",
            "recognised_on": recognised_on.isoformat(),
            "expires_on": (recognised_on + _RECOGNISED + _EXPIRES).isoformat(),
            "edition": "演练",
        }
    return item


async def _nominate(story: Story, courses: list[Course], departments: dict[str, Actor]) -> None:
    """Let the classes select first and the departments recommend after, so that credits come in one order."""
    recommended: Recommended = {code: [] for code in departments}
    closing = f"{courses[0].span.closes_on:%m-%d}"

    async def select(course: Course) -> None:
        places = [p for p in range(len(course.managers)) if p % 2 or p % BOTH_CHANNELS_EVERY == 0]
        if course is story.courses[0]:
            step = story.step("sheet", course.number)
            await imports.put_forward(story, course.selector, course, places, step)
            return
        items = [nomination(story, course, course.managers[place]) for place in places]
        items.append(_mistyped(nomination(story, course, course.managers[0])))
        step = story.step("nominations", course.number)
        await _put_forward(story, course.selector, [(course, p) for p in places], items, step)

    async def recommend(code: str) -> None:
        sheet, named = _on_a_sheet(story, recommended, code)
        if sheet:
            places = [place for _, place in sheet]
            step = story.step("sheet", code, sheet[0][0].number)
            await imports.put_forward(story, departments[code], sheet[0][0], places, step)
        items = [nomination(story, course, course.managers[place]) for course, place in named]
        if items:
            step = story.step("nominations", code, courses[0].number)
            await _put_forward(story, departments[code], named, items, step)

    filled = [course for course in courses if course.managers]
    for course in filled:
        for place, manager in enumerate(course.managers):
            if place % 2 == 0:
                recommended[manager.enterprise.department_code].append((course, place))
    await story.each(f"selections {closing}", filled, select)
    codes = [code for code in departments if recommended[code]]
    await story.each(f"recommended {closing}", codes, recommend)


def _on_a_sheet(
    story: Story, recommended: Recommended, code: str
) -> tuple[list[tuple[Course, int]], list[tuple[Course, int]]]:
    """Part what the first department recommends to the first class, by a file, from all else."""
    first = next((one for one, named in recommended.items() if named and named[0][0] is story.courses[0]), "")
    sheet = [one for one in recommended[code] if code == first and one[0] is story.courses[0]]
    return sheet, [one for one in recommended[code] if one not in sheet]


async def _put_forward(
    story: Story,
    actor: Actor,
    named: Sequence[tuple[Course, int]],
    items: list[dict[str, Any]],
    step: str,
) -> None:
    """Post nominations and remember their ids; `items` may hold more at its end than are `named`."""
    platform = story.at(named[0][0].span.nominated_on)
    results = await platform.bulk_over_lag(actor, "/v1/nominations", items, step=step)
    story.refused_nominations += sum(result.get("problem") is not None for result in results)
    for (course, place), result in zip(named, results, strict=False):
        if result.get("value"):
            course.nominations[place] = result["value"]["id"]


def nomination(story: Story, course: Course, manager: Manager) -> dict[str, Any]:
    group = story.pack.target_groups[0]
    return {
        "class_id": course.id,
        "enterprise_uscc": manager.enterprise.uscc,
        "person": {
            "name": manager.name,
            "document": {"kind": "resident_card", "number": manager.card_number},
            "phone": manager.phone,
            "post": manager.post,
        },
        "target_group": group.code,
        "evidence": {word.code: f"{word.zh}(合成)" for word in group.evidence},
        "declarations": [declaration.code for declaration in story.pack.declarations],
    }


def _mistyped(item: dict[str, Any]) -> dict[str, Any]:
    """Let a number be mistyped: the platform must refuse this one alone."""
    document = item["person"]["document"]
    wrong = {**document, "number": mistyped(document["number"])}
    return {**item, "person": {**item["person"], "document": wrong}}
