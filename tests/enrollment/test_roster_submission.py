"""Submitting rosters: in time, within the capacity, under a revision of the pack."""

from datetime import UTC, datetime

import pytest

from shared.events.enrollment import RosterApproved, RosterState
from tests.support.enrollment_world import load
from tests.support.nominees import Plan, kind_of, nominee

APPROVED, STATE = RosterApproved.TYPE, RosterState.state_type()


async def test_an_empty_roster_cannot_be_submitted(plan: Plan):
    roster = await plan.draft(plan.class_id)
    answer = await plan.post(plan.institution, f"/v1/rosters/{roster['id']}/submission")
    assert (answer.status_code, kind_of(answer)) == (409, "roster-empty")


@pytest.mark.clause("C36", "Q1")
async def test_a_roster_is_in_time_until_the_last_instant_of_the_last_day_in_shanghai(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    path = f"/v1/rosters/{roster['id']}/submission"
    midnight = datetime(2022, 12, 31, 16, tzinfo=UTC)
    async with plan.world.as_(plan.institution, now=midnight) as http:
        late = await http.post(path)
    assert (late.status_code, kind_of(late)) == (409, "selection-deadline-passed")
    async with plan.world.as_(plan.institution, now=midnight.replace(hour=15, minute=59, second=59)) as http:
        assert (await http.post(path)).status_code == 200


@pytest.mark.clause("Q15")
async def test_a_boot_camp_takes_its_roster_until_it_starts(plan: Plan):
    camp = await plan.another_class(kind="boot_camp", lead_id=plan.institution)
    await plan.nominate(plan.institution, nominee(camp, 1))
    roster = await plan.draft(camp)
    path = f"/v1/rosters/{roster['id']}/submission"
    starts = datetime(2023, 2, 28, 16, tzinfo=UTC)
    async with plan.world.as_(plan.institution, now=starts) as http:
        late = await http.post(path)
    assert kind_of(late) == "selection-deadline-passed"
    async with plan.world.as_(plan.institution, now=starts.replace(hour=15)) as http:
        assert (await http.post(path)).status_code == 200


async def test_more_persons_than_the_class_has_room_for_are_refused(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=1)
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    named = {"nomination_ids": [one["value"]["id"] for one in results]}
    roster = await plan.post(plan.institution, "/v1/rosters", {"class_id": plan.class_id, **named})
    answer = await plan.post(plan.institution, f"/v1/rosters/{roster.json()['id']}/submission")
    assert kind_of(answer) == "capacity-exceeded"
    assert (answer.json()["capacity"], answer.json()["persons"]) == (1, 2)


async def test_what_is_refused_because_of_a_copy_may_be_tried_again_shortly(plan: Plan):
    await plan.world.turn(plan.class_id, capacity=1, status="draft")
    early = await plan.post(plan.rival, "/v1/rosters", {"class_id": plan.class_id})
    await plan.world.turn(plan.class_id, status="approved")
    roster_id = (await plan.draft(plan.class_id))["id"]
    results = await plan.nominate(plan.institution, *(nominee(plan.class_id, number) for number in (1, 2)))
    named = {"nomination_ids": [one["value"]["id"] for one in results]}
    async with plan.client(plan.institution) as http:
        await http.put(f"/v1/rosters/{roster_id}/rows", json=named)
    path = f"/v1/rosters/{roster_id}/submission"
    full = await plan.post(plan.institution, path)
    async with plan.world.as_(plan.institution, now=datetime(2023, 1, 1, tzinfo=UTC)) as http:
        late = await http.post(path)
    refused = [kind_of(answer) for answer in (early, full, late)]
    assert refused == ["class-unknown", "capacity-exceeded", "selection-deadline-passed"]
    assert all(answer.headers["retry-after"] for answer in (early, full, late))


async def test_a_roster_is_told_under_the_revision_of_its_submission(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    pack = load("2022-2023")
    await plan.world.cycle(pack, revision=2)
    await plan.post(plan.institution, f"/v1/rosters/{roster['id']}/submission")
    await plan.world.cycle(pack, revision=3)
    await plan.decide(roster["id"], [(1, "approve")])
    assert (await plan.approve(roster["id"])).status_code == 200
    assert [one.revision for one in await plan.world.told(STATE)] == [1, 2, 2, 2]
    assert [one.revision for one in await plan.world.told(APPROVED)] == [2]


async def test_a_stale_version_is_refused_before_anything_changes(plan: Plan):
    await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    roster = await plan.draft(plan.class_id)
    async with plan.client(plan.institution) as http:
        stale = await http.post(f"/v1/rosters/{roster['id']}/submission", headers={"If-Match": '"7"'})
        assert stale.status_code == 412
        shown = await http.get(f"/v1/rosters/{roster['id']}")
    assert (shown.json()["status"], shown.headers["etag"]) == ("draft", '"1"')
