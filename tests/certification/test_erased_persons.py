"""A person whom enrollment erased is no holder with a name any more, in whatever order it is heard."""

from collections.abc import Sequence

from shared.events.enrollment import PersonErased, PersonsMerged
from shared.events.envelope import Event, aggregate, fact
from shared.ids import new_id
from tests.certification.stage import NOW, Stage


def erasure(*person_ids: str) -> Event:
    body = PersonErased(
        erasure_id=new_id(), person_id=person_ids[0], person_ids=list(person_ids), cause="request"
    )
    return fact(body, subject=aggregate("enrollment.person_erasure", body.erasure_id), at=NOW)


async def certified(stage: Stage, person_ids: Sequence[str]) -> list[dict[str, str]]:
    class_id = await stage.finished_class()
    names = [f"测试{number}" for number in range(len(person_ids))]
    await stage.hear(*stage.completion(class_id, names, person_ids=list(person_ids)))
    assert (await stage.issue(class_id)).status_code == 201
    return await stage.certificates(class_id=class_id)


async def erased(stage: Stage) -> list[str]:
    """Name the certificates that were stated to show no name any more, once for each time."""
    told = await stage.said("certification.certificate.state.v1")
    return [one["data"]["id"] for one in told if one["data"]["holder_erased"]]


async def test_the_certificate_stays_checkable_and_names_nobody(stage: Stage):
    mine, strangers = await certified(stage, people := [new_id(), new_id()])
    assert (await stage.check(mine))["masked_name"] is not None
    credential = await stage.credential(mine)
    await stage.hear(erasure(people[0]))
    checked = await stage.check(mine)
    assert (checked["status"], checked["masked_name"]) == ("yes", None)
    assert checked["signature"] == "yes"
    assert await stage.credential(mine) == credential
    assert (await stage.check(strangers))["masked_name"] is not None
    [shown, _] = await stage.certificates()
    assert (shown["masked_name"], shown["version"]) == (None, 2)
    assert await erased(stage) == [mine["id"]]


async def test_what_is_told_twice_changes_nothing_more(stage: Stage):
    [mine] = await certified(stage, [person := new_id()])
    told = erasure(person)
    await stage.hear(told, stage.again(told))
    assert await erased(stage) == [mine["id"]]
    async with stage.issuer() as issuer:
        answer = await issuer.post(f"/v1/certificates/{mine['id']}/holder-erasure")
    assert answer.json()["type"].endswith("holder-already-erased")


async def test_who_erased_the_holder_here_before_is_no_obstacle(stage: Stage):
    [mine] = await certified(stage, [person := new_id()])
    async with stage.issuer() as issuer:
        assert (await issuer.post(f"/v1/certificates/{mine['id']}/holder-erasure")).status_code == 200
    await stage.hear(erasure(person))
    assert await erased(stage) == [mine["id"]]


async def test_a_completion_that_is_heard_later_brings_no_name_back(stage: Stage):
    person = new_id()
    await stage.hear(erasure(person))
    class_id = await stage.finished_class()
    await stage.hear(*stage.completion(class_id, ["测试甲", "测试乙"], person_ids=[person, new_id()]))
    assert (await stage.issue(class_id)).status_code == 201
    assert len(await stage.certificates(class_id=class_id)) == 1


async def test_all_ids_of_the_person_go_whether_a_merge_was_heard_or_not(stage: Stage):
    one, two, three = people = [new_id() for _ in range(3)]
    certificates = await certified(stage, people)
    merge = PersonsMerged(merge_id=new_id(), survivor_id=three, retired_id=two, heads=[])
    await stage.hear(fact(merge, subject=aggregate("enrollment.person_merge", merge.merge_id), at=NOW))
    await stage.hear(erasure(one, two))
    assert sorted(await erased(stage)) == sorted(certificate["id"] for certificate in certificates)
