"""Activities over HTTP: kinds of the pack, places in order, a waiting list, exchanges that cross."""

from typing import Any

import pytest

from services.enrollment.departures.cancelling import withdraw_all
from shared.events.enrollment import ActivityState
from shared.ids import new_id
from tests.support.activities import Ledger
from tests.support.enrollment_world import NOW, World


@pytest.fixture
async def ledger(world: World) -> Ledger:
    return await Ledger(world).settle()


async def withdraw(ledger: Ledger, enrolment_id: str) -> None:
    path = f"/v1/enrolments/{enrolment_id}/withdrawal"
    answer = await ledger.post(ledger.lead, path, {"reason": "调离原单位"})
    assert answer.status_code == 200, answer.text


async def test_who_leaves_the_class_gives_the_place_in_an_open_activity_to_who_waits(ledger: Ledger):
    opened, held = await ledger.opened(capacity=1), await ledger.opened(capacity=2)
    one, two, three = await ledger.trainees(*[ledger.zhejiang] * 3)
    await ledger.register(opened, one, two, three)
    [row] = await ledger.register(held, one)
    await ledger.post(ledger.lead, f"/v1/activities/{held}/holding")
    assert (await ledger.came(held, (row["value"]["id"], True))).status_code == 200
    # Who waited loses the turn, who had a place gives it on; what was is not undone.
    await withdraw(ledger, two)
    assert await ledger.statuses(opened) == ["registered", "withdrawn", "waiting"]
    await withdraw(ledger, one)
    assert await ledger.statuses(opened) == ["withdrawn", "withdrawn", "registered"]
    assert await ledger.statuses(held) == ["registered"]
    shown = await ledger.read(opened)
    assert (shown["registered"], shown["waiting"]) == (1, 0)
    told = await ledger.world.told(ActivityState.state_type())
    last = {event.data["id"]: event for event in told}[opened]
    assert (last.data["registered"], last.data["waiting"]) == (1, 0)
    assert last.version == shown["version"]


async def test_the_trainees_of_a_cancelled_class_leave_its_activities_too(ledger: Ledger):
    opened = await ledger.opened(capacity=1)
    trainees = await ledger.trainees(ledger.zhejiang, ledger.ningbo)
    await ledger.register(opened, *trainees)
    await ledger.world.turn(ledger.class_id, status="cancelled")
    async with ledger.world.database.write() as session:
        await withdraw_all(session, ledger.class_id, NOW)
    assert await ledger.statuses(opened) == ["withdrawn", "withdrawn"]
    assert (await ledger.read(opened))["waiting"] == 0


@pytest.mark.clause("C22")
async def test_a_kind_is_held_only_in_a_cycle_whose_pack_has_it(ledger: Ledger):
    earlier = await ledger.earlier_cycle()
    refused, planned = await ledger.plan(
        ledger.activity(kind="tour_week"), ledger.activity(kind="tour_week", cycle_id=earlier)
    )
    assert (refused["status"], refused["problem"]["concept"]) == (422, "activity_kind")
    assert (planned["status"], planned["value"]["cycle_id"]) == (201, earlier)


@pytest.mark.clause("C23")
async def test_facets_are_words_of_the_pack(ledger: Ledger):
    earlier = await ledger.earlier_cycle()
    facets = {"layer": "骨干", "length": "short", "channel": "blended"}
    results = await ledger.plan(
        ledger.activity(facets=facets),
        ledger.activity(facets={"length": "eternal"}),
        ledger.activity(facets={"weather": "fine"}),
        ledger.activity(kind="online", cycle_id=earlier, facets=facets),
    )
    assert [one["status"] for one in results] == [201, 422, 422, 422]
    assert results[0]["value"]["facets"] == facets
    assert [one["problem"]["concept"] for one in results[1:]] == ["facet_value", "facet", "facet"]


async def test_each_wrong_activity_is_refused_by_itself(ledger: Ledger):
    closed = await ledger.earlier_cycle(status="closed")
    results = await ledger.plan(
        ledger.activity(ends_on="2023-03-01", starts_on="2023-03-02"),
        ledger.activity(place_department_id=ledger.lead),
        ledger.activity(kind="cross_industry"),
        ledger.activity(cycle_id=closed),
        ledger.activity(cycle_id="no.cycle"),
        ledger.activity(),
    )
    assert [one["status"] for one in results] == [422, 422, 422, 409, 404, 201]


async def test_who_plans_or_evaluates_holds_no_activity(ledger: Ledger):
    for kind in ("bureau", "evaluator", "operator"):
        stranger = await ledger.world.organisation(kind, "演练")
        answer = await ledger.post(stranger, "/v1/activities", {"items": [ledger.activity()]})
        assert answer.status_code == 403, kind


async def test_an_activity_goes_from_plan_to_record_and_nobody_else_turns_it(ledger: Ledger):
    activity_id = await ledger.planned()
    path = f"/v1/activities/{activity_id}"
    assert (await ledger.post(ledger.lead, f"{path}/holding")).status_code == 409
    assert (await ledger.post(ledger.rival, f"{path}/opening")).status_code == 403
    assert (await ledger.post(ledger.lead, f"{path}/opening")).json()["status"] == "open"
    early = await ledger.post(ledger.lead, f"{path}/holding", now=ledger.day_before)
    assert (early.status_code, early.json()["type"]) == (409, "urn:lingjun:problem:activity-not-begun")
    assert (await ledger.post(ledger.lead, f"{path}/holding")).json()["status"] == "held"
    late = await ledger.post(ledger.lead, f"{path}/cancellation", {"reason": "演练"})
    assert (late.status_code, late.json()["state"]) == (409, "held")
    told = await ledger.world.told(ActivityState.state_type())
    assert [(one.version, one.data["status"]) for one in told] == [(1, "planned"), (2, "open"), (3, "held")]
    assert {one.audience for one in told} == {("public",)}


async def test_a_cancelled_activity_says_why_and_takes_nobody(ledger: Ledger):
    activity_id = await ledger.opened()
    path = f"/v1/activities/{activity_id}"
    cancelled = await ledger.post(ledger.lead, f"{path}/cancellation", {"reason": "场地不可用"})
    assert (cancelled.json()["status"], cancelled.json()["cancellation_reason"]) == (
        "cancelled",
        "场地不可用",
    )
    [trainee] = await ledger.trainees(ledger.zhejiang)
    answer = await ledger.post(ledger.lead, f"{path}/participants", {"items": [{"enrolment_id": trainee}]})
    assert (answer.status_code, answer.json()["state"]) == (409, "cancelled")


async def test_places_go_in_order_and_who_leaves_gives_the_place_to_the_first_who_waits(ledger: Ledger):
    activity_id = await ledger.opened(capacity=2)
    trainees = await ledger.trainees(*[ledger.zhejiang] * 4)
    rows = [one["value"] for one in await ledger.register(activity_id, *trainees)]
    assert [(one["number"], one["status"]) for one in rows] == [
        (1, "registered"),
        (2, "registered"),
        (3, "waiting"),
        (4, "waiting"),
    ]
    left = await ledger.leave(activity_id, rows[0]["id"])
    assert (left.status_code, left.json()["status"]) == (200, "withdrawn")
    assert await ledger.statuses(activity_id) == ["withdrawn", "registered", "registered", "waiting"]
    await ledger.leave(activity_id, rows[3]["id"])
    await ledger.leave(activity_id, rows[1]["id"])
    assert await ledger.statuses(activity_id) == ["withdrawn", "withdrawn", "registered", "withdrawn"]
    shown = await ledger.read(activity_id)
    assert (shown["registered"], shown["waiting"]) == (1, 0)
    assert (await ledger.leave(activity_id, rows[0]["id"])).status_code == 409
    # Who left may come again, at the end of the line.
    [again] = await ledger.register(activity_id, trainees[0])
    assert (again["value"]["number"], again["value"]["status"]) == (5, "registered")


async def test_a_person_stands_once_in_an_activity(ledger: Ledger):
    activity_id = await ledger.opened()
    [trainee] = await ledger.trainees(ledger.zhejiang)
    results = await ledger.register(activity_id, trainee, trainee)
    assert [one["status"] for one in results] == [201, 409]
    [again] = await ledger.register(activity_id, trainee)
    assert again["problem"]["type"].endswith("participant-repeated")


async def test_who_comes_is_recorded_of_those_who_had_a_place(ledger: Ledger):
    activity_id = await ledger.opened(capacity=2)
    trainees = await ledger.trainees(*[ledger.zhejiang] * 3)
    ids = [one["value"]["id"] for one in await ledger.register(activity_id, *trainees)]
    early = await ledger.came(activity_id, (ids[0], True))
    assert early.status_code == 409
    await ledger.post(ledger.lead, f"/v1/activities/{activity_id}/holding")
    answer = await ledger.came(
        activity_id, (ids[0], True), (ids[1], False), (ids[2], True), (ids[0], True), (new_id(), True)
    )
    assert [one["status"] for one in answer.json()["results"]] == [200, 200, 409, 409, 404]
    assert (await ledger.read(activity_id))["attended"] == 1
    await ledger.came(activity_id, (ids[1], True))
    told = await ledger.world.told(ActivityState.state_type())
    assert [one.data["attended"] for one in told[-2:]] == [1, 2]


@pytest.mark.clause("C42")
async def test_a_cross_region_exchange_takes_whose_home_department_is_not_the_host(ledger: Ledger):
    """浙江 and 宁波 are different jurisdictions, although the code of 宁波 starts with that of 浙江."""
    activity_id = await ledger.opened(kind="cross_region", place_department_id=ledger.zhejiang)
    from_ningbo, from_zhejiang = await ledger.trainees(ledger.ningbo, ledger.zhejiang)
    crossing, staying = await ledger.register(activity_id, from_ningbo, from_zhejiang)
    assert (crossing["status"], crossing["value"]["crosses_department"]) == (201, True)
    assert (staying["status"], staying["problem"]["crosses"]) == (422, "department")


@pytest.mark.clause("C42")
async def test_a_cross_industry_exchange_compares_the_industry_of_the_nomination(ledger: Ledger):
    activity_id = await ledger.opened(kind="cross_industry", host_industry_section="I")
    [maker] = await ledger.trainees(ledger.zhejiang, industry_section="C")
    [coder] = await ledger.trainees(ledger.zhejiang, industry_section="I")
    [unknown] = await ledger.trainees(ledger.zhejiang, industry_section=None)
    results = await ledger.register(activity_id, maker, coder, unknown)
    assert [one["status"] for one in results] == [201, 422, 422]
    assert results[0]["value"]["crosses_industry"] is True
    elsewhere = await ledger.opened(kind="benchmarking")
    [row] = await ledger.register(elsewhere, maker)
    assert (row["value"]["crosses_department"], row["value"]["crosses_industry"]) == (True, None)


@pytest.mark.clause("C21", "C43")
@pytest.mark.parametrize("kind", ["retraining", "continued_learning"])
async def test_what_is_for_graduates_asks_a_certificate_or_a_confirmed_completion(ledger: Ledger, kind: str):
    activity_id = await ledger.opened(kind=kind)
    student, graduate, certified = await ledger.trainees(*[ledger.zhejiang] * 3)
    await ledger.graduate(graduate)
    await ledger.graduate(certified, "LJ-2022-2023-000001-X")
    results = await ledger.register(activity_id, student, graduate)
    assert [one["status"] for one in results] == [409, 201]
    assert results[0]["problem"]["type"].endswith("graduates-only")
    [named] = await ledger.enter(activity_id, {"certificate_number": "LJ-2022-2023-000001-X"})
    assert (named["status"], named["value"]["enrolment_id"]) == (201, certified)
    assert named["value"]["certificate_number"] == "LJ-2022-2023-000001-X"
    [nobody] = await ledger.enter(activity_id, {"certificate_number": "LJ-2022-2023-000009-X"})
    assert nobody["status"] == 404


@pytest.mark.clause("C21")
async def test_a_graduate_of_before_is_registered_by_the_certificate_as_stated(ledger: Ledger):
    activity_id = await ledger.opened(kind="retraining")
    [certified] = await ledger.trainees(ledger.zhejiang)
    await ledger.graduate(certified, "LJ-2022-2023-000001-X")
    stated = ledger.legacy()
    results = await ledger.enter(
        activity_id,
        {"legacy": stated},
        {"legacy": stated},
        {"legacy": {**stated, "certificate_number": "LJ-2022-2023-000001-X"}},
        {"legacy": {**stated, "certificate_number": "2016-02", "department_id": ledger.lead}},
    )
    assert [one["status"] for one in results] == [201, 409, 422, 422]
    row = results[0]["value"]
    assert (row["legacy"], row["legacy_issuer"], row["legacy_cycle"]) == (True, stated["issuer"], "2015-2016")
    assert (row["person_id"], row["enrolment_id"]) == (None, None)
    mine = {"legacy": {**stated, "certificate_number": "2016-03"}}
    assert (await ledger.enter(activity_id, mine, by=ledger.zhejiang))[0]["status"] == 201
    other = {"legacy": {**stated, "certificate_number": "2016-04"}}
    assert (await ledger.enter(activity_id, other, by=ledger.ningbo))[0]["status"] == 403


async def test_a_withdrawn_trainee_takes_part_in_nothing(ledger: Ledger):
    activity_id = await ledger.opened()
    [trainee] = await ledger.trainees(ledger.zhejiang)
    await ledger.post(ledger.lead, f"/v1/enrolments/{trainee}/withdrawal", {"reason": "演练"})
    [refused] = await ledger.register(activity_id, trainee)
    assert refused["problem"]["type"].endswith("enrolment-withdrawn")


@pytest.mark.clause("Q11")
async def test_who_takes_part_is_seen_by_the_home_department_and_who_holds_it(ledger: Ledger):
    activity_id = await ledger.opened(holder=ledger.rival)
    ours, theirs = await ledger.trainees(ledger.zhejiang, ledger.ningbo)
    [unseen] = await ledger.enter(activity_id, {"enrolment_id": ours}, by=ledger.rival)
    assert unseen["status"] == 404  # who holds it does not see trainees of a class of others
    await ledger.enter(activity_id, {"enrolment_id": ours}, by=ledger.zhejiang)
    await ledger.register(activity_id, theirs)
    seen = {
        name: [one["enrolment_id"] for one in await ledger.participants(activity_id, by)]
        for name, by in (
            ("holder", ledger.rival),
            ("zhejiang", ledger.zhejiang),
            ("ningbo", ledger.ningbo),
            ("class", ledger.lead),
            ("evaluator", await ledger.world.organisation("evaluator", "演练考核")),
            ("stranger", await ledger.world.organisation("training_body", "演练机构")),
        )
    }
    assert seen == {
        "holder": [ours, theirs],
        "zhejiang": [ours],
        "ningbo": [theirs],
        "class": [ours, theirs],
        "evaluator": [],
        "stranger": [],
    }
    hidden = (await ledger.participants(activity_id, ledger.ningbo))[0]["id"]
    assert (await ledger.leave(activity_id, hidden, by=ledger.zhejiang)).status_code == 404


@pytest.mark.clause("C06", "C21")
async def test_an_activity_adds_no_head(ledger: Ledger):
    [trainee] = await ledger.trainees(ledger.zhejiang)
    await ledger.graduate(trainee)
    before = await ledger.progress()
    activity_id = await ledger.opened(kind="retraining")
    await ledger.register(activity_id, trainee)
    await ledger.enter(activity_id, {"legacy": ledger.legacy()})
    await ledger.post(ledger.lead, f"/v1/activities/{activity_id}/holding")
    assert await ledger.progress() == before
    assert before["heads"] == 1


@pytest.mark.parametrize("body", [{}, {"enrolment_id": new_id(), "certificate_number": "1"}])
async def test_a_participant_is_named_in_exactly_one_way(ledger: Ledger, body: dict[str, Any]):
    activity_id = await ledger.opened()
    answer = await ledger.post(ledger.lead, f"/v1/activities/{activity_id}/participants", {"items": [body]})
    assert answer.status_code == 422
