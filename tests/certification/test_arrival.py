"""Completions arrive from enrollment: in parts, in any order, more than once, before their class."""

import pytest
from sqlalchemy import select

from services.certification.models import CompletionPart, Entitlement, HolderKey
from shared.ids import new_id
from tests.certification.stage import Stage, names


async def entitlements(stage: Stage) -> list[Entitlement]:
    async with stage.database.read() as session:
        return list(await session.scalars(select(Entitlement).order_by(Entitlement.position)))


async def test_a_name_is_never_stored_readable(stage: Stage):
    await stage.graduated_class(["王小明"])
    (row,) = await entitlements(stage)
    assert row.name is not None
    assert "王小明".encode() not in row.name
    assert row.name.startswith(f"A256GCM:{row.person_id}:".encode())


async def test_the_same_fact_twice_changes_nothing(stage: Stage):
    class_id = await stage.finished_class()
    (confirmed,) = stage.completion(class_id, names(2))
    await stage.hear(confirmed)
    before = await entitlements(stage)
    await stage.hear(confirmed)
    again = stage.again(confirmed)
    await stage.hear(again)
    after = await entitlements(stage)
    assert [row.name for row in before] == [row.name for row in after]
    assert (await stage.issue(class_id)).json()["count"] == 2


@pytest.mark.clause("C40")
async def test_a_fact_before_its_class_waits_for_it(stage: Stage):
    class_id = new_id()
    await stage.hear(*stage.completion(class_id, names(2)))
    assert await entitlements(stage) == []
    await stage.hear(stage.class_state(class_id))
    assert (await stage.issue(class_id)).json()["count"] == 2


async def test_nothing_is_issued_while_a_part_is_missing(stage: Stage):
    class_id = await stage.finished_class()
    first, second = stage.completion(class_id, names(4), parts=2)
    await stage.hear(second)
    early = await stage.issue(class_id)
    assert early.json()["type"].endswith(":completion-still-arriving")
    assert (early.json()["arrived"], early.json()["expected"]) == (1, 2)
    await stage.hear(first)
    assert (await stage.issue(class_id)).json()["count"] == 4
    rows = await entitlements(stage)
    numbers = {one["enrolment_id"]: one["number"] for one in await stage.certificates()}
    assert [numbers[row.enrolment_id] for row in rows] == sorted(numbers.values())


async def test_a_second_completion_of_a_class_certifies_only_those_who_are_new(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    assert (await stage.issue(class_id)).json()["count"] == 2
    await stage.hear(*stage.completion(class_id, names(1)))
    second = (await stage.issue(class_id)).json()
    assert second["count"] == 1
    assert "-000003-" in second["first_number"]


async def test_a_person_in_two_classes_has_one_key_and_two_certificates(stage: Stage):
    person = new_id()
    for _ in range(2):
        class_id = await stage.finished_class()
        await stage.hear(*stage.completion(class_id, ["王小明"], person_ids=[person]))
        assert (await stage.issue(class_id)).json()["count"] == 1
    async with stage.database.read() as session:
        assert list(await session.scalars(select(HolderKey.person_id))) == [person]
    assert [one["masked_name"] for one in await stage.certificates()] == ["王**", "王**"]


async def test_a_completion_that_nobody_reached_certifies_nobody(stage: Stage):
    class_id = await stage.finished_class()
    await stage.hear(*stage.empty_completion(class_id))
    async with stage.database.read() as session:
        assert await session.scalar(select(CompletionPart.part)) == 1
    assert (await stage.issue(class_id)).json()["type"].endswith(":nothing-to-certify")


async def test_a_request_before_its_completion_waits_and_succeeds(patient_stage: Stage):
    stage = patient_stage
    class_id = await stage.finished_class()
    (confirmed,) = stage.completion(class_id, names(2))
    answer = await stage.issue_while(class_id, stage.hear(confirmed))
    assert (answer.status_code, answer.json().get("count")) == (201, 2)
