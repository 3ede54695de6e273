"""Chapter seven: an independent evaluator scores every institution; the result becomes final (C38, C39)."""

from typing import Any

from deploy.demo.days import Assessment
from deploy.demo.scores import sheet, totals
from deploy.demo.story import Story


def assessment(story: Story) -> Assessment:
    """Place the evaluation inside the training: from the first day of a class to the last (培训期间)."""
    spans = [course.span for course in story.courses]
    return Assessment(min(one.starts_on for one in spans), max(one.ends_on for one in spans))


async def evaluate(story: Story) -> None:
    """Open a round, assign the evaluator, score everybody in it with invented sheets, close it."""
    if story.pack.evaluation is None:
        return
    days, assigning = assessment(story), story.holder("assign_evaluator")
    evaluator = story.cast.of_kind("evaluator")
    body = {"cycle_id": story.cycle_id}
    platform = story.at(days.opened_on)
    opened = await platform.post(assigning, "/v1/evaluation-rounds", body, step=story.step("round"))
    story.round_id = opened["id"]
    path = f"/v1/evaluation-rounds/{story.round_id}"
    assignment: dict[str, Any] = {
        "evaluator_id": evaluator.organisation_id,
        "starts_on": days.starts_on.isoformat(),
        "ends_on": days.ends_on.isoformat(),
        "interests": [],
    }
    await platform.post(assigning, f"{path}/assignments", assignment, step=story.step("assignment"))
    story.told("evaluation", 1, 5)
    platform = story.at(days.scored_on)
    shown = await platform.get(evaluator, path)
    places = {one: place for place, one in enumerate(story.cast.ids.values())}
    institutions = sorted(shown["institution_ids"], key=lambda one: places[one])
    items = [
        {"institution_id": institution, "scores": sheet(shown["indicators"], total)}
        for institution, total in zip(institutions, totals(story.pack, len(institutions)), strict=True)
    ]
    await platform.bulk(evaluator, f"{path}/scores", items, step=story.step("scores"))
    story.told("evaluation", 2, 5)
    platform = story.at(days.closed_on)
    await platform.post(evaluator, f"{path}/closing", {}, step=story.step("closing"))
    story.told("evaluation", 3, 5)


async def conclude(story: Story) -> None:
    """Publish the results and make them final: from now on the registry knows who is suspended."""
    if not story.round_id:
        return
    days, assigning = assessment(story), story.holder("assign_evaluator")
    path = f"/v1/evaluation-rounds/{story.round_id}"
    platform = story.at(days.published_on)
    await platform.post(assigning, f"{path}/publication", {}, step=story.step("publication"))
    story.told("evaluation", 4, 5)
    platform = story.at(days.final_on)
    await platform.post(assigning, f"{path}/finalisation", {}, step=story.step("finalisation"))
    story.told("evaluation", 5, 5)
