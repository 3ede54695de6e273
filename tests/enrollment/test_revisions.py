"""A corrected pack: what was submitted before is judged by the revision of then, new acts by the newest."""

from typing import Any

import pytest

from shared.events.enrollment import CompletionConfirmed, RosterApproved
from shared.events.policy import PolicyPack, parse_pack
from shared.events.registry import CycleState
from tests.enrollment.test_completion import FULL, Finished
from tests.enrollment.test_withdrawal import heads, second
from tests.support.enrollment_world import World, load
from tests.support.nominees import Plan, nominee

HELD = ("review_rosters", "track", "confirm_completion")


def given_to(kind: str, **changes: Any) -> PolicyPack:
    """Write the pack of 2022 with what the exchange centre decides on trainees in other hands."""
    document = {**load("2022-2023").document(), **changes}
    kept = [one for one in document["responsibilities"] if one["act"] not in HELD]
    moved = [{"act": act, "holders": [{"kind": kind}], "decision": ["Q17"]} for act in HELD]
    return parse_pack({**document, "responsibilities": [*kept, *moved]})


def counting_nobody() -> PolicyPack:
    """Write the pack of 2022 with no kind of class that counts toward the target."""
    document = load("2022-2023").document()
    kinds = [{**one, "counts_toward_target": False} for one in document["class_kinds"]]
    return parse_pack({**document, "class_kinds": kinds})


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["type"]).rpartition(":")[2]


@pytest.fixture
async def promotion(world: World) -> str:
    return await world.organisation("promotion_centre", "促进中心")


@pytest.mark.clause("C01", "C37")
async def test_a_submitted_roster_is_reviewed_by_the_holder_of_its_revision(plan: Plan, promotion: str):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    await plan.world.cycle(given_to("promotion_centre"), revision=2)

    path = f"/v1/rosters/{roster_id}"
    decision = {"items": [{"position": 1, "decision": "approve"}]}
    stranger = await plan.post(promotion, f"{path}/decisions", decision)
    assert problem(stranger) == (403, "act-not-held")
    assert (await plan.get(promotion, path)).status_code == 200  # it tracks by now

    listed = (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json()["items"]
    assert [(one["id"], one["revision"]) for one in listed] == [(roster_id, 1)]
    assert len((await plan.get(plan.centre, f"{path}/rows")).json()["items"]) == 1
    await plan.decide(roster_id, [(1, "approve")])
    approved = await plan.approve(roster_id)
    assert (approved.status_code, approved.json()["revision"]) == (200, 1)
    [fact] = await plan.world.told(RosterApproved.TYPE)
    assert (fact.revision, (f"registry.pack_revision/{plan.cycle_id}:1", 1) in fact.needs) == (1, True)


@pytest.mark.clause("C01", "C37")
async def test_a_roster_submitted_after_the_correction_is_the_new_holders(plan: Plan, promotion: str):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    await plan.world.cycle(given_to("promotion_centre"), revision=2)
    path = f"/v1/rosters/{roster['id']}"
    submitted = await plan.post(plan.institution, f"{path}/submission")
    assert submitted.json()["revision"] == 2
    decision = {"items": [{"position": 1, "decision": "approve"}]}
    assert problem(await plan.post(plan.centre, f"{path}/decisions", decision)) == (404, "roster-not-found")
    assert (await plan.get(plan.centre, "/v1/rosters", class_id=plan.class_id)).json()["items"] == []
    for step, body in (("decisions", decision), ("approval", None)):
        assert (await plan.post(promotion, f"{path}/{step}", body)).status_code == 200


@pytest.mark.clause("C01", "C26")
async def test_heads_are_counted_by_the_revision_of_the_roster(plan: Plan):
    roster_id = await plan.reviewed(plan.class_id, [1])
    await plan.world.cycle(counting_nobody(), revision=2)
    assert (await plan.approve(roster_id)).status_code == 200
    other = await plan.another_class(lead_id=plan.institution)
    await plan.trainees(other, [2])
    [before], [later] = await plan.enrolments(plan.class_id), await plan.enrolments(other)
    assert (before["head"], later["head"]) == (True, False)
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert (progress["heads"], progress["revision"]) == (1, 2)


@pytest.mark.clause("C26", "Q7")
async def test_a_head_passes_to_who_was_enrolled_in_a_class_that_counted_then(plan: Plan):
    [holder] = await plan.trainees(plan.class_id, [1])
    heir = await second(plan, await plan.another_class(), 1, days=1)
    await plan.world.cycle(counting_nobody(), revision=2)
    assert (await plan.withdraw(holder)).status_code == 200
    assert list((await heads(plan)).values()) == [heir]


@pytest.mark.clause("C01", "C06")
async def test_progress_shows_the_corrected_floor_and_an_approved_roster_its_own_revision(plan: Plan):
    [_] = await plan.trainees(plan.class_id, [1])
    document = load("2022-2023").document()
    (persons,) = document["floors"]
    corrected = parse_pack({**document, "floors": [{**persons, "min_persons": 2100}]})
    await plan.world.cycle(corrected, revision=2)
    progress = (await plan.get(plan.bureau, "/v1/progress", cycle_id=plan.cycle_id)).json()
    assert (progress["revision"], progress["floors"][0]["min_persons"]) == (2, 2100)
    [roster] = (await plan.get(plan.bureau, "/v1/rosters", class_id=plan.class_id)).json()["items"]
    assert (roster["status"], roster["revision"]) == ("approved", 1)


@pytest.mark.clause("C01", "C40")
async def test_a_proposed_completion_is_confirmed_by_the_holder_of_its_revision(world: World, promotion: str):
    course = await Finished(world).settle()
    [one] = await world.enrol(course.class_id, [course.ningbo])
    await course.attend({one: FULL})
    await course.finish()
    proposal = (await course.propose()).json()
    await world.cycle(given_to("promotion_centre"), revision=2)
    path = f"/v1/completions/{proposal['id']}"
    refused = await course.post(promotion, f"{path}/confirmation", None)
    assert problem(refused) == (403, "act-not-held")
    async with world.as_(course.centre) as http:
        listed = (await http.get("/v1/completions", params={"class_id": course.class_id})).json()["items"]
        assert [row["enrolment_id"] for row in (await http.get(path)).json()["rows"]] == [one]
    assert [item["id"] for item in listed] == [proposal["id"]]
    assert (await course.confirm(proposal["id"])).json()["status"] == "confirmed"
    [fact] = await world.told(CompletionConfirmed.TYPE)
    assert (fact.revision, (f"registry.pack_revision/{course.cycle_id}:1", 1) in fact.needs) == (1, True)


async def test_a_revision_that_has_not_arrived_is_named(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster_id = await plan.submitted(plan.class_id)
    pack = given_to("promotion_centre")
    body = CycleState(
        id=plan.cycle_id,
        label=pack.label,
        revision=3,
        status="active",
        sha256=pack.sha256,
        pack=pack.document(),
    )
    await plan.world.hear(body)
    await plan.world.forget(f"{plan.cycle_id}:1")
    answer = await plan.get(plan.bureau, f"/v1/rosters/{roster_id}")
    assert problem(answer) == (404, "revision-unknown")
    assert answer.json()["revision"] == 1
