"""Persons whom enrollment found to be one are one holder when the holder is erased, and only as long."""

import pytest

from shared.events.enrollment import PersonsMerged, PersonsParted
from shared.events.envelope import Event, aggregate, fact
from shared.ids import new_id
from tests.certification.stage import NOW, Stage


def said(body: PersonsMerged | PersonsParted) -> Event:
    return fact(body, subject=aggregate("enrollment.person_merge", body.merge_id), at=NOW)


def merge(survivor_id: str, retired_id: str) -> PersonsMerged:
    return PersonsMerged(merge_id=new_id(), survivor_id=survivor_id, retired_id=retired_id, heads=[])


def parting(merged: PersonsMerged) -> PersonsParted:
    return PersonsParted(**merged.model_dump())


async def certified(stage: Stage, person_ids: list[str]) -> list[str]:
    """Certify these people; tell the certificates in their order."""
    class_id = await stage.finished_class()
    people = [f"测试{number}" for number in range(len(person_ids))]
    await stage.hear(*stage.completion(class_id, people, person_ids=person_ids))
    assert (await stage.issue(class_id)).status_code == 201
    return [one["id"] for one in await stage.certificates(class_id=class_id)]


async def erase(stage: Stage, certificate_id: str) -> int:
    async with stage.issuer() as issuer:
        return (await issuer.post(f"/v1/certificates/{certificate_id}/holder-erasure")).status_code


async def erased(stage: Stage) -> set[str]:
    """Name the persons whose certificates are stated to show no name any more."""
    told = await stage.said("certification.certificate.state.v1")
    return {one["data"]["person_id"] for one in told if one["data"]["holder_erased"]}


async def test_the_certificates_of_all_ids_of_a_holder_are_erased_together(stage: Stage):
    one, two, three, stranger = people = [new_id() for _ in range(4)]
    certificates = await certified(stage, people)
    await stage.hear(said(merge(two, one)), said(merge(three, two)))
    assert await erase(stage, certificates[0]) == 200
    assert await erased(stage) == {one, two, three}
    assert await erase(stage, certificates[2]) == 409
    assert stranger not in await erased(stage)


@pytest.mark.parametrize("late", [False, True], ids=["in order", "the merge heard last"])
async def test_who_was_parted_again_is_erased_alone(stage: Stage, late: bool):
    one, two = people = [new_id() for _ in range(2)]
    certificates = await certified(stage, people)
    merged = merge(two, one)
    await stage.hear(*[said(merged), said(parting(merged))][:: -1 if late else 1])
    assert await erase(stage, certificates[0]) == 200
    assert await erased(stage) == {one}
