"""Issuing certificates: who may, for whom, in which order, under which numbers."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from stdnum.iso7064 import mod_37_36

from shared.ids import new_id
from tests.certification.stage import NOW, Stage, names


def problem(answer: httpx.Response) -> str:
    return answer.json()["type"].rpartition(":")[2]


@pytest.mark.clause("C40")
async def test_every_graduate_gets_one_certificate_in_roster_order(stage: Stage):
    class_id = await stage.graduated_class(names(3))
    answer = await stage.issue(class_id)
    assert answer.status_code == 201
    batch = answer.json()
    assert batch["count"] == 3
    assert answer.headers["etag"] == '"1"'
    issued = await stage.certificates(class_id=class_id)
    assert [one["number"] for one in issued][:: len(issued) - 1] == [
        batch["first_number"],
        batch["last_number"],
    ]
    assert [one["masked_name"] for one in issued] == ["测*****"] * 3
    assert [number.split("-")[3] for number in (one["number"] for one in issued)] == [
        "000001",
        "000002",
        "000003",
    ]


async def test_a_number_carries_a_check_character(stage: Stage):
    certificate = await stage.one_certificate()
    assert re.fullmatch(r"LJ-2022-2023-000001-[0-9A-Z]", certificate["number"])
    assert mod_37_36.is_valid(certificate["number"].replace("-", ""))


@pytest.mark.clause("C40")
async def test_a_running_class_gets_no_certificates(stage: Stage):
    class_id = await stage.finished_class(status="running")
    await stage.hear(*stage.completion(class_id, names(1)))
    answer = await stage.issue(class_id)
    assert (answer.status_code, problem(answer)) == (409, "class-not-finished")


@pytest.mark.clause("C40")
async def test_only_whom_the_pack_names_may_issue(stage: Stage):
    class_id = await stage.graduated_class(names(1))
    for kind in ("institution", "department", "bureau", "operator", "promotion_centre"):
        async with stage.asks(kind, new_id()) as other:
            answer = await other.post("/v1/certificate-batches", json={"class_id": class_id})
        assert (answer.status_code, problem(answer)) == (403, "act-not-held")
    assert await stage.certificates() == []


@pytest.mark.clause("C18", "C40")
async def test_another_cycle_has_another_issuer_and_its_own_series(stage: Stage, tmp_path: Path):
    await stage.one_certificate()
    earlier = await Stage.opened(stage.database, tmp_path, "2019-2020")
    class_id = await earlier.graduated_class(names(2))
    assert problem(await earlier.issue(class_id)) == "act-not-held"
    async with earlier.issuer(offices={"coordination_office"}) as office:
        batch = await office.post("/v1/certificate-batches", json={"class_id": class_id})
    assert batch.status_code == 201
    assert "-000001-" in batch.json()["first_number"]
    (first, _) = await earlier.certificates(class_id=class_id)
    assert (await earlier.check(first))["issuer"] == "yes"


async def test_issuing_twice_finds_nothing_to_certify(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    await stage.issue(class_id)
    again = await stage.issue(class_id)
    assert (again.status_code, problem(again)) == (409, "nothing-to-certify")
    assert again.headers["retry-after"]
    assert len(await stage.certificates()) == 2


async def test_an_unknown_class_is_not_found(stage: Stage):
    answer = await stage.issue(new_id())
    assert (answer.status_code, problem(answer)) == (404, "class-unknown")


async def test_a_replayed_request_issues_nothing_new(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    async with stage.issuer() as issuer:
        issuer.headers["idempotency-key"] = "batch-1"
        first = await issuer.post("/v1/certificate-batches", json={"class_id": class_id})
        second = await issuer.post("/v1/certificate-batches", json={"class_id": class_id})
    assert first.json() == second.json()
    assert len(await stage.certificates()) == 2


async def test_a_refused_batch_leaves_no_gap(stage: Stage):
    empty = await stage.finished_class()
    assert (await stage.issue(empty)).status_code == 409
    certificate = await stage.one_certificate()
    assert "-000001-" in certificate["number"]


async def test_the_preview_names_the_numbers_that_issuing_uses(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    async with stage.issuer() as issuer:
        preview = (await issuer.get("/v1/certificate-batches/preview", params={"class_id": class_id})).json()
    batch = (await stage.issue(class_id)).json()
    assert preview["count"] == 2
    assert (preview["first_number"], preview["last_number"]) == (batch["first_number"], batch["last_number"])
    issued = await stage.certificates()
    assert [(row["enrolment_id"], row["number"]) for row in preview["rows"]] == [
        (one["enrolment_id"], one["number"]) for one in issued
    ]


@pytest.mark.clause("C40")
async def test_a_preview_is_for_the_issuer_alone(stage: Stage):
    class_id = await stage.graduated_class(names(1))
    async with stage.asks("institution", stage.institution) as lead:
        answer = await lead.get("/v1/certificate-batches/preview", params={"class_id": class_id})
    assert answer.status_code == 403


async def test_what_was_issued_is_told_as_fact_and_states(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    await stage.issue(class_id)
    (told,) = await stage.said("certification.certificate_issued.v1")
    states = await stage.said("certification.certificate.state.v1")
    issued = await stage.certificates()
    assert [row["number"] for row in told["data"]["rows"]] == [one["number"] for one in issued]
    assert [one["data"]["status"] for one in states] == ["issued", "issued"]
    assert "测试" not in str([told, states])


async def test_a_long_batch_is_told_in_parts(stage: Stage):
    class_id = await stage.finished_class()
    await stage.hear(*stage.completion(class_id, names(501), parts=2))
    assert (await stage.issue(class_id)).json()["count"] == 501
    told = await stage.said("certification.certificate_issued.v1")
    assert [(one["part"], one["parts"], len(one["data"]["rows"])) for one in told] == [(1, 2, 500), (2, 2, 1)]


async def test_twenty_batches_of_one_class_at_once_issue_it_once(stage: Stage):
    class_id = await stage.graduated_class(names(30))
    answers = await asyncio.gather(*(stage.issue(class_id) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19
    issued = await stage.certificates()
    assert len({one["enrolment_id"] for one in issued}) == len(issued) == 30
    assert [int(one["number"].split("-")[3]) for one in issued] == list(range(1, 31))


async def test_batches_of_twenty_classes_at_once_leave_no_gap(stage: Stage):
    classes = [await stage.graduated_class(names(3)) for _ in range(20)]
    answers = await asyncio.gather(*(stage.issue(class_id) for class_id in classes))
    assert [answer.status_code for answer in answers] == [201] * 20
    issued = await stage.certificates()
    assert [int(one["number"].split("-")[3]) for one in issued] == list(range(1, 61))
    for class_id in classes:
        own = [one["number"] for one in issued if one["class_id"] == class_id]
        assert int(own[-1].split("-")[3]) - int(own[0].split("-")[3]) == 2


async def test_the_time_of_issue_is_the_time_of_the_request(stage: Stage):
    certificate = await stage.one_certificate()
    assert certificate["issued_at"] == NOW.isoformat().replace("+00:00", "Z")
