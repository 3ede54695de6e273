"""Online hours over HTTP: each record counts once in its class, each wrong one is refused by itself."""

import asyncio
from collections import Counter

import pytest

from shared.ids import new_id
from tests.support.enrollment_world import World
from tests.support.school import School, hours
from tests.support.statements import statement

pytestmark = pytest.mark.clause("C23")


@pytest.fixture
async def school(world: World) -> School:
    return await School(world).settle()


async def test_a_record_counts_once_however_often_it_is_sent(school: School):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    first = await school.report(hours(trainee), hours(trainee), hours(trainee, "2"))
    assert [one["status"] for one in first] == [201, 200, 201]
    again = await school.report(hours(trainee))
    assert (again[0]["status"], again[0]["value"]) == (200, first[0]["value"])
    assert sum(one["seconds"] for one in await school.listed(school.lead)) == 2 * 90 * 60
    # Another platform numbers its records by itself.
    assert (await school.report(hours(trainee), source="另一平台"))[0]["status"] == 201


async def test_the_same_id_with_other_content_is_refused(school: School):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    await school.report(hours(trainee))
    [refused] = await school.report(hours(trainee, minutes=91))
    assert (refused["status"], refused["problem"]["type"]) == (
        409,
        "urn:lingjun:problem:online-record-differs",
    )


async def test_each_wrong_record_is_refused_by_itself(school: School):
    one, left = await school.world.enrol(school.class_id, [school.zhejiang] * 2)
    elsewhere = await school.world.course(school.cycle_id, school.lead, school.ningbo)
    [stranger] = await school.world.enrol(elsewhere, [school.zhejiang])
    async with school.world.as_(school.lead) as http:
        await http.post(f"/v1/enrolments/{left}/withdrawal", json={"reason": "演练"})
    results = await school.report(
        hours(stranger, "1"),
        hours(left, "2"),
        hours(one, "3", at="2023-02-28T23:59:59+08:00"),
        hours(one, "4", at="2024-01-01T00:00:00+08:00"),
        hours(one, "5"),
    )
    assert [result["status"] for result in results] == [422, 409, 422, 422, 201]


async def test_statements_name_the_trainee_by_enrolment_or_by_person(school: School):
    one, other = await school.world.enrol(school.class_id, [school.zhejiang, school.ningbo])
    async with school.world.as_(school.lead) as http:
        person = (await http.get(f"/v1/enrolments/{other}")).json()["person"]["id"]
    identifier = new_id()
    results = await school.state(
        statement(one, identifier=identifier),
        statement(one, identifier=identifier.upper()),
        statement(person, duration="PT30M"),
        statement(one, verb="launched"),
        statement("13800000000"),
        {"id": "nothing else"},
    )
    assert [result["status"] for result in results] == [201, 200, 201, 422, 422, 422]
    assert [result["problem"]["type"].rpartition(":")[2] for result in results[3:]] == [
        "verb-not-counted",
        "learner-unknown",
        "statement-malformed",
    ]
    assert results[5]["problem"]["member"] == "/id"
    assert results[2]["value"]["enrolment_id"] == other
    assert "13800000000" not in str(results)  # whatever stands in place of an id is not said again


async def test_only_who_runs_the_class_reports_and_each_sees_its_own(school: School):
    one, other = await school.world.enrol(school.class_id, [school.zhejiang, school.ningbo])
    for by in (school.rival, school.zhejiang):
        for path, body in (
            ("/v1/online-hours", {"source": "演练平台", "items": [hours(one)]}),
            ("/v1/xapi-statements", {"items": [statement(one)]}),
        ):
            assert (await school.post(path, body, by)).status_code == 403
    await school.report(hours(one, "1"), hours(other, "2"))
    seen = {
        by: [row["enrolment_id"] for row in await school.listed(by)] for by in (school.lead, school.zhejiang)
    }
    assert sorted(seen[school.lead]) == sorted([one, other])
    assert seen[school.zhejiang] == [one]
    assert await school.listed(school.rival) == []


async def test_a_class_that_is_only_filed_counts_no_hours(school: School):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    await school.world.turn(school.class_id, status="filed")
    answer = await school.post("/v1/online-hours", {"source": "演练平台", "items": [hours(trainee)]})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lingjun:problem:class-not-teaching")


async def test_one_statement_sent_many_times_at_once_counts_once(school: School):
    [trainee] = await school.world.enrol(school.class_id, [school.zhejiang])
    said = statement(trainee)
    results = await asyncio.gather(*(school.state(said) for _ in range(12)))
    assert Counter(one["status"] for [one] in results) == {201: 1, 200: 11}
    assert len(await school.listed(school.lead)) == 1
