"""The cycle 2019-2020 from its notice to its certificates, played small and read back over public REST."""

from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from stdnum.iso7064 import mod_37_36

from deploy.demo.chapters import learning, people
from deploy.demo.client import Platform, Refused
from deploy.demo.command import operator_of
from deploy.demo.packs import shipped_packs
from deploy.demo.play import play
from deploy.demo.story import Story
from deploy.standalone import running

pytestmark = pytest.mark.asyncio(loop_scope="module")

LABEL = "2019-2020"
TRAINEES_A_CLASS = 3
CLASSES = 21

Items = list[dict[str, Any]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Story]:
    """Play the cycle small: of three nominated to each class one is rejected and one stays away."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(people, "REJECT_EVERY", TRAINEES_A_CLASS)
        patch.setattr(learning, "ABSENT_EVERY", TRAINEES_A_CLASS - 1)
        # A home sets these for its process: the next module must not inherit them.
        patch.setenv("LINGJUN_HOME", "unset")
        patch.setenv("LINGJUN_MODE", "production")
        async with running(tmp_path_factory.mktemp("cycle"), port=0, mode="rehearsal") as home:
            platform = Platform(home.address)
            trainees = CLASSES * TRAINEES_A_CLASS
            story = Story(platform, operator_of(home), shipped_packs(), LABEL, trainees, lambda *_: None)
            await play(story)
            yield story
            await platform.close()


async def read(story: Story, path: str, **query: str) -> Items:
    """Read a whole list as the bureau, which sees all."""
    bureau = story.cast.of_kind("bureau")
    return [item async for item in story.platform.pages(bureau, path, **query)]


async def read_by_class(story: Story, path: str) -> dict[str, Items]:
    return {course.id: await read(story, path, class_id=course.id) for course in story.courses}


async def read_rows(story: Story) -> dict[str, Items]:
    """Read the rows of every roster, by class."""
    return {course.id: await read(story, f"/v1/rosters/{course.roster_id}/rows") for course in story.courses}


@pytest.mark.clause("C18", "C37", "Q16")
async def test_the_host_of_the_coordination_office_reviewed_and_nobody_else_may(story: Story):
    hosts = {office["code"]: office["host_id"] for office in await read(story, "/v1/offices")}
    kinds = {one["id"]: one["kind"] for one in await read(story, "/v1/organisations")}
    assert kinds[hosts["coordination_office"]] == "talent_exchange_centre"
    reviewer = story.cast.holder(story.pack, "review_rosters", second=True)
    assert reviewer.organisation_id == hosts["coordination_office"]
    rosters = await read_by_class(story, "/v1/rosters")
    assert [[one["status"] for one in found] for found in rosters.values()] == [["approved"]] * CLASSES
    for stranger in (story.cast.of_kind("bureau"), story.courses[0].lead):
        path = f"/v1/rosters/{story.courses[0].roster_id}/approval"
        with pytest.raises(Refused) as refused:
            await story.platform.post(stranger, path, {}, step=f"approval by {stranger.kind}")
        assert refused.value.problem["type"] == "urn:lingjun:problem:act-not-held"


@pytest.mark.clause("C06", "C07", "Q2")
async def test_the_floors_of_this_notice_are_reported_with_the_share_of_manufacturing(story: Story):
    progress = await story.platform.get(story.cast.of_kind("bureau"), "/v1/progress", cycle_id=story.cycle_id)
    enrolments = await read(story, "/v1/enrolments", cycle_id=story.cycle_id)
    sections = {one["id"]: one["industry_section"] for one in await read(story, "/v1/enterprises")}
    heads = [one for one in enrolments if one["head"]]
    manufacturing = sum(sections[one["enterprise_id"]] == "C" for one in heads)
    persons, share = progress["floors"]
    assert (persons["code"], persons["numerator"], persons["min_persons"]) == ("persons", len(heads), 1800)
    assert not persons["reached"]
    assert (share["code"], share["numerator"], share["denominator"]) == (
        "manufacturing_share",
        manufacturing,
        len(heads),
    )
    assert 0 < manufacturing < len(heads)
    assert share["reached"] == (manufacturing >= Decimal("0.30") * len(heads))


@pytest.mark.clause("C34", "C37")
async def test_who_was_approved_is_enrolled_and_who_was_rejected_stays_out(story: Story):
    enrolled = await read_by_class(story, "/v1/enrolments")
    for class_id, rows in (await read_rows(story)).items():
        decisions = Counter(row["decision"] for row in rows)
        assert decisions == {"approve": TRAINEES_A_CLASS - 1, "reject": 1}
        approved = [row["position"] for row in rows if row["decision"] == "approve"]
        assert [one["position"] for one in enrolled[class_id]] == approved
        assert all(row["reason"] for row in rows if row["decision"] == "reject")
        assert {"institution_selected", "department_recommended"} == {c for r in rows for c in r["channels"]}


@pytest.mark.clause("C40", "Q10")
async def test_who_completed_is_certified_and_nobody_else(story: Story):
    certificates = await read_by_class(story, "/v1/certificates")
    for class_id, enrolments in (await read_by_class(story, "/v1/enrolments")).items():
        assert Counter(one["status"] for one in enrolments) == {"completed": 1, "not_completed": 1}
        certified = {one["enrolment_id"]: one["number"] for one in certificates[class_id]}
        assert certified == {
            one["id"]: one["certificate_number"] for one in enrolments if one["status"] == "completed"
        }
        assert all(one["certificate_number"] is None for one in enrolments if one["status"] != "completed")


@pytest.mark.clause("C40")
async def test_numbers_run_without_a_gap_and_carry_a_valid_check_character(story: Story):
    numbers = [one["number"] for one in await read(story, "/v1/certificates", cycle_id=story.cycle_id)]
    assert [int(number.split("-")[-2]) for number in numbers] == list(range(1, CLASSES + 1))
    for number in numbers:
        assert mod_37_36.is_valid(number.replace("-", ""))


@pytest.mark.clause("C40", "C44")
async def test_everybody_can_check_every_certificate(story: Story):
    for certificate in await read(story, "/v1/certificates", cycle_id=story.cycle_id):
        code = certificate["verification_url"].rpartition("/")[2]
        found = await story.platform.get(None, f"/v1/verifications/{code}")
        assert (found["signature"], found["status"], found["issuer"]) == ("yes", "yes", "yes")
        assert found["number"] == certificate["number"]
        assert found["issued_by"]["zh"] == "协调小组办公室"
        assert found["cycle"] == story.label
