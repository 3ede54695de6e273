"""Who sees which certificate, and what stays of one whose holder is erased."""

import asyncio

import pytest

from services.certification.handlers import on_completion_confirmed
from shared.ids import new_id
from tests.certification.stage import Stage, names


async def seen_by(stage: Stage, kind: str, organisation_id: str | None) -> int:
    async with stage.asks(kind, organisation_id) as caller:
        answer = await caller.get("/v1/certificates")
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])


@pytest.mark.clause("C35", "Q11")
async def test_each_caller_sees_its_own_certificates(stage: Stage):
    class_id = await stage.graduated_class(names(3))
    await stage.issue(class_id)
    assert await seen_by(stage, "bureau", new_id()) == 3
    assert await seen_by(stage, "talent_exchange_centre", stage.centre) == 3
    assert await seen_by(stage, "institution", stage.institution) == 3
    assert await seen_by(stage, "institution", new_id()) == 0
    assert await seen_by(stage, "department", stage.department) == 3
    assert await seen_by(stage, "department", new_id()) == 0
    assert await seen_by(stage, "operator", new_id()) == 0
    assert await seen_by(stage, "evaluator", new_id()) == 0


@pytest.mark.clause("Q11")
async def test_the_department_of_the_place_sees_only_its_own_trainees(stage: Stage):
    elsewhere = new_id()
    class_id = await stage.finished_class(place_department_id=elsewhere)
    await stage.hear(*stage.completion(class_id, names(2)))
    await stage.issue(class_id)
    assert await seen_by(stage, "department", elsewhere) == 0


async def test_the_department_that_filed_a_class_sees_all_its_certificates(stage: Stage):
    filed_by = new_id()
    class_id = await stage.finished_class(filed_by=filed_by)
    await stage.hear(*stage.completion(class_id, names(2)))
    await stage.issue(class_id)
    assert await seen_by(stage, "department", filed_by) == 2


async def test_a_foreign_certificate_does_not_exist(stage: Stage):
    certificate = await stage.one_certificate()
    path = f"/v1/certificates/{certificate['id']}"
    async with stage.asks("institution", new_id()) as stranger:
        assert (await stranger.get(path)).status_code == 404
    async with stage.asks("institution", stage.institution) as lead:
        shown = await lead.get(path)
    assert (shown.status_code, shown.json()["number"]) == (200, certificate["number"])


async def test_lists_need_a_signed_in_caller(stage: Stage):
    async with stage.asks("anonymous") as public:
        for path in ("/v1/certificates", "/v1/certificate-batches", f"/v1/certificates/{new_id()}"):
            assert (await public.get(path)).status_code == 401


async def test_batches_are_listed_to_the_parties_of_the_class(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    batch = (await stage.issue(class_id)).json()
    async with stage.asks("institution", stage.institution) as lead:
        listed = await lead.get("/v1/certificate-batches", params={"class_id": class_id})
    assert listed.json()["items"] == [batch]
    async with stage.asks("institution", new_id()) as stranger:
        assert (await stranger.get("/v1/certificate-batches")).json()["items"] == []


async def test_a_batch_is_found_where_its_answer_says_by_those_who_see_the_whole_class(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    issued = await stage.issue(class_id)
    async with stage.asks("institution", stage.institution) as lead:
        shown = await lead.get(issued.headers["location"])
    assert (shown.json(), shown.headers["etag"]) == (issued.json(), issued.headers["etag"])
    async with stage.asks("department", stage.department) as home:
        assert (await home.get(issued.headers["location"])).status_code == 404
    (said,) = await stage.said("certification.certificate_batch.state.v1")
    assert (said["aggregateversion"], said["data"]["count"]) == (1, 2)


async def test_pages_follow_the_numbers(stage: Stage):
    class_id = await stage.graduated_class(names(5))
    await stage.issue(class_id)
    seen: list[str] = []
    async with stage.issuer() as issuer:
        after: dict[str, str] = {}
        while True:
            page = (await issuer.get("/v1/certificates", params={"limit": 2, **after})).json()
            seen += [one["number"] for one in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
    assert seen == sorted(seen)
    assert len(seen) == 5


async def test_an_erased_holder_leaves_a_certificate_that_still_checks(stage: Stage):
    certificate = await stage.one_certificate("王小明")
    async with stage.issuer() as issuer:
        erased = await issuer.post(f"/v1/certificates/{certificate['id']}/holder-erasure")
        assert (erased.status_code, erased.json()["masked_name"]) == (200, None)
        again = await issuer.post(f"/v1/certificates/{certificate['id']}/holder-erasure")
        assert again.status_code == 409
    check = await stage.check(certificate)
    assert (check["signature"], check["masked_name"], check["number"]) == ("yes", None, certificate["number"])


async def test_an_erasure_changes_and_states_every_certificate_of_the_person(stage: Stage):
    persons = [new_id(), new_id()]
    for _ in range(2):
        class_id = await stage.finished_class()
        await stage.hear(*stage.completion(class_id, names(2), person_ids=persons))
        await stage.issue(class_id)
    erased = [one for one in await stage.certificates() if (await stage.row(one)).person_id == persons[0]]
    async with stage.issuer() as issuer:
        answer = await issuer.post(f"/v1/certificates/{erased[0]['id']}/holder-erasure")
    assert answer.headers["etag"] == '"2"'
    ids = {one["id"] for one in erased}
    assert {one["id"]: one["version"] for one in await stage.certificates() if one["version"] > 1} == (
        dict.fromkeys(ids, 2)
    )
    said = (await stage.said("certification.certificate.state.v1"))[4:]
    assert {one["data"]["id"]: one["aggregateversion"] for one in said} == dict.fromkeys(ids, 2)
    assert all(one["data"]["holder_erased"] for one in said)
    assert all(f"org:{stage.department}" in one["audience"].split() for one in said)


async def test_an_erasure_that_rests_on_another_version_is_refused(stage: Stage):
    certificate = await stage.one_certificate()
    path = f"/v1/certificates/{certificate['id']}"
    async with stage.issuer() as issuer:
        refused = await issuer.post(f"{path}/holder-erasure", headers={"If-Match": '"7"'})
        shown = (await issuer.get(path)).json()
    assert (refused.status_code, shown) == (412, certificate)


async def test_a_name_that_arrives_during_an_erasure_is_erased_too(stage: Stage):
    certificate = await stage.one_certificate()
    person = (await stage.row(certificate)).person_id
    class_id = await stage.finished_class()
    (late,) = stage.completion(class_id, ["王小明"], person_ids=[person])

    async def erase() -> int:
        async with stage.issuer() as issuer:
            return (await issuer.post(f"/v1/certificates/{certificate['id']}/holder-erasure")).status_code

    async with stage.database.write() as session:
        await on_completion_confirmed(session, late)
        erasing = asyncio.create_task(erase())
        # Long enough for an erasure that does not wait to be over before this commits.
        await asyncio.wait({erasing}, timeout=0.5)
    assert await erasing == 200
    assert (await stage.issue(class_id)).json()["type"].endswith(":nothing-to-certify")


async def test_a_late_event_does_not_bring_an_erased_holder_back(stage: Stage):
    certificate = await stage.one_certificate("王小明")
    async with stage.issuer() as issuer:
        await issuer.post(f"/v1/certificates/{certificate['id']}/holder-erasure")
    person = (await stage.row(certificate)).person_id
    class_id = await stage.finished_class()
    await stage.hear(*stage.completion(class_id, ["王小明"], person_ids=[person]))
    assert (await stage.issue(class_id)).json()["type"].endswith(":nothing-to-certify")


async def test_only_the_issuer_may_erase_a_holder(stage: Stage):
    certificate = await stage.one_certificate()
    async with stage.asks("institution", stage.institution) as lead:
        answer = await lead.post(f"/v1/certificates/{certificate['id']}/holder-erasure")
    assert answer.status_code == 403
