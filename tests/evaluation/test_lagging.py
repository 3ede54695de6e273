"""What is refused because of copies waits for those that are on their way."""

from datetime import date

from services.evaluation.plan import get_cycle
from shared.ids import new_id
from tests.evaluation.stage import Stage, problem


async def in_another_cycle(stage: Stage) -> None:
    """Let the stage speak of a cycle in which nobody is designated yet."""
    label = stage.pack.cycle.model_copy(update={"label": "2019-2020"})
    stage.pack = stage.pack.model_copy(update={"cycle": label})
    await stage.hear(stage.cycle())


async def test_a_round_opens_as_soon_as_a_designation_is_heard_of(patient_stage: Stage):
    await in_another_cycle(patient_stage)
    body = {"cycle_id": patient_stage.pack.cycle_id}
    designation = patient_stage.designation(patient_stage.institutions[0])
    answer = await patient_stage.meanwhile(patient_stage.post("", body), designation)
    assert (answer.status_code, answer.json()["institution_ids"]) == (201, patient_stage.institutions[:1])


async def test_an_assignment_waits_for_the_class_in_which_it_lies(patient_stage: Stage):
    opened = await patient_stage.open()
    longer = patient_stage.class_state(id=new_id(), ends_on=date(2023, 12, 31))
    asking = patient_stage.assign(opened["id"], ends_on="2023-12-31")
    assert (await patient_stage.meanwhile(asking, longer)).status_code == 201


async def test_a_round_waits_for_an_organisation_that_was_registered_just_now(patient_stage: Stage):
    new = new_id()
    await patient_stage.hear(patient_stage.designation(new))
    asking = patient_stage.post("", {"cycle_id": patient_stage.pack.cycle_id})
    answer = await patient_stage.meanwhile(asking, patient_stage.organisation(new, "institution"))
    assert new in answer.json()["institution_ids"]


async def test_what_stays_refused_says_that_it_may_be_tried_again(stage: Stage):
    opened = await stage.open()
    outside = await stage.assign(opened["id"], ends_on="2023-12-31")
    await in_another_cycle(stage)
    nobody = await stage.post("", {"cycle_id": stage.pack.cycle_id})
    assert [problem(one) for one in (outside, nobody)] == ["outside-training", "nobody-designated"]
    assert all("retry-after" in one.headers for one in (outside, nobody))


async def arrivals(stage: Stage) -> int:
    async with stage.database.read() as session:
        return (await get_cycle(session, stage.pack.cycle_id)).arrivals


async def test_a_request_rests_on_what_has_arrived_of_its_cycle_and_on_nothing_else(stage: Stage):
    before = await arrivals(stage)
    await stage.hear(stage.designation(new_id()))
    await stage.hear(stage.class_state(id=new_id()))
    assert await arrivals(stage) == before + 2
    await stage.hear(stage.designation(new_id(), "other.cycle"))
    await stage.hear(stage.organisation(new_id(), "institution"))
    assert await arrivals(stage) == before + 2
