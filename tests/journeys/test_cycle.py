"""The cycle 2019-2020 from its notice to its evaluation, played small and read back over public REST."""

from collections import Counter
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio
from stdnum.iso7064 import mod_37_36

from deploy.demo.client import Refused
from tests.journeys.conftest import TRAINEES_A_CLASS, Played, played_small

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLASSES = 7
"""Every rule of the pack once, and every special topic."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    async with played_small(tmp_path_factory.mktemp("cycle"), "2019-2020", classes=CLASSES) as played:
        yield played


@pytest.mark.clause("C15", "C16", "C29", "Q13")
async def test_every_kind_and_arrangement_was_held_as_this_notice_arranges_it(played: Played):
    classes = await played.read("/v1/classes", cycle_id=played.story.cycle_id)
    held = Counter((one["kind"], one["arrangement"]) for one in classes)
    rules = [(rule.kind, rule.arrangement) for rule in played.story.pack.arrangement_rules]
    assert held == {**dict.fromkeys(rules, 1), ("special_topic", "own"): 2}
    assert {one["status"] for one in classes} == {"finished"}
    assert {one["special_topic"] for one in classes} - {None} == {
        "integrated_development",
        "specialised_sophisticated",
    }
    kinds = {one["id"]: one["kind"] for one in await played.read("/v1/organisations")}
    filed = [one for one in classes if one["arrangement"] != "own"]
    assert all(one["coordinated"] and kinds[one["filed_by"]] == "department" for one in filed)
    assert "training_body" in {kinds[one] for c in filed for one in c["institution_ids"]}


@pytest.mark.clause("C18", "C37", "Q16")
async def test_the_host_of_the_coordination_office_reviewed_and_nobody_else_may(played: Played):
    story = played.story
    hosts = {office["code"]: office["host_id"] for office in await played.read("/v1/offices")}
    kinds = {one["id"]: one["kind"] for one in await played.read("/v1/organisations")}
    assert kinds[hosts["coordination_office"]] == "talent_exchange_centre"
    reviewer = story.holder("review_rosters", second=True)
    assert reviewer.organisation_id == hosts["coordination_office"]
    for stranger in (story.cast.of_kind("bureau"), story.courses[0].lead):
        path = f"/v1/rosters/{story.courses[0].roster_id}/approval"
        with pytest.raises(Refused) as refused:
            await story.platform.post(stranger, path, {}, step=f"approval by {stranger.kind}")
        assert refused.value.says("act-not-held")


@pytest.mark.clause("C37")
async def test_a_roster_was_returned_with_a_reason_and_came_again_as_the_next_one(played: Played):
    first = played.story.courses[0]
    rosters = await played.read("/v1/rosters", class_id=first.id)
    assert [(one["number"], one["status"]) for one in rosters] == [(1, "returned"), (2, "approved")]
    assert rosters[0]["return_reason"]
    assert rosters[0]["rows_sha256"] == rosters[1]["rows_sha256"]


@pytest.mark.clause("C06", "C07", "Q2")
async def test_the_floors_of_this_notice_are_reported_with_the_share_of_manufacturing(played: Played):
    story = played.story
    progress = await story.platform.get(story.cast.of_kind("bureau"), "/v1/progress", cycle_id=story.cycle_id)
    enrolments = await played.read("/v1/enrolments", cycle_id=story.cycle_id)
    sections = {one["id"]: one["industry_section"] for one in await played.read("/v1/enterprises")}
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
async def test_who_was_approved_is_enrolled_and_who_was_rejected_stays_out(played: Played):
    enrolled = await played.read_by_class("/v1/enrolments")
    for course in played.story.courses:
        rows = await played.read(f"/v1/rosters/{course.roster_id}/rows")
        decisions = Counter(row["decision"] for row in rows)
        assert decisions == {"approve": TRAINEES_A_CLASS - 1, "reject": 1}
        approved = [row["position"] for row in rows if row["decision"] == "approve"]
        of_roster = [one for one in enrolled[course.id] if one["roster_id"] == course.roster_id]
        assert [one["position"] for one in of_roster] == approved
        assert all(row["reason"] for row in rows if row["decision"] == "reject")
        channels = {channel for row in rows for channel in row["channels"]}
        assert channels == {"institution_selected", "department_recommended"}


@pytest.mark.clause("Q7", "Q8")
async def test_who_left_counts_no_more_and_who_came_instead_does(played: Played):
    left = [
        one
        for found in (await played.read_by_class("/v1/enrolments")).values()
        for one in found
        if one["status"] == "withdrawn"
    ]
    assert not any(one["head"] for one in left)
    replaced = [
        row["replaces_enrolment_id"]
        for rosters in (await played.read_by_class("/v1/rosters")).values()
        for roster in rosters
        for row in await played.read(f"/v1/rosters/{roster['id']}/rows")
        if row["replaces_enrolment_id"]
    ]
    assert len(replaced) == played.summary.replaced == 1
    assert set(replaced) < {one["id"] for one in left}
    assert played.summary.withdrawn == len(left)


@pytest.mark.clause("C40", "Q10")
async def test_who_completed_is_certified_and_nobody_else(played: Played):
    certificates = await played.read_by_class("/v1/certificates")
    statuses: Counter[str] = Counter()
    for class_id, enrolments in (await played.read_by_class("/v1/enrolments")).items():
        statuses.update(one["status"] for one in enrolments)
        certified = {one["enrolment_id"]: one["number"] for one in certificates[class_id]}
        assert certified == {
            one["id"]: one["certificate_number"] for one in enrolments if one["status"] == "completed"
        }
        assert all(one["certificate_number"] is None for one in enrolments if one["status"] != "completed")
    assert set(statuses) == {"completed", "not_completed", "withdrawn"}
    assert played.summary.certificates_issued == statuses["completed"]


@pytest.mark.clause("C40")
async def test_numbers_run_without_a_gap_and_carry_a_valid_check_character(played: Played):
    certificates = await played.read("/v1/certificates", cycle_id=played.story.cycle_id)
    numbers = [one["number"] for one in certificates]
    assert [int(number.split("-")[-2]) for number in numbers] == list(range(1, len(numbers) + 1))
    for number in numbers:
        assert mod_37_36.is_valid(number.replace("-", ""))


@pytest.mark.clause("C40", "C44")
async def test_everybody_can_check_every_certificate(played: Played):
    platform = played.story.platform
    for certificate in await played.read("/v1/certificates", cycle_id=played.story.cycle_id):
        code = certificate["verification_url"].rpartition("/")[2]
        found = await platform.get(None, f"/v1/verifications/{code}")
        assert (found["signature"], found["status"], found["issuer"]) == ("yes", "yes", "yes")
        assert found["number"] == certificate["number"]
        assert found["issued_by"]["zh"] == "协调小组办公室"
        assert found["cycle"] == played.story.label


@pytest.mark.clause("C39")
async def test_exactly_those_below_the_line_fall_and_one_that_reaches_it_passes(played: Played):
    results = await played.read(f"/v1/evaluation-rounds/{played.story.round_id}/results")
    assert len(results) == len(played.story.cast.institutions(played.story.label))
    below = {one["institution_id"] for one in results if Decimal(one["total"]) < Decimal("80.00")}
    assert {one["institution_id"] for one in results if one["suspended"]} == below
    assert len(below) == 3
    assert [one["suspended"] for one in results if one["total"] == "80.00"] == [False]
    assert {one["ground"] for one in results if one["suspended"]} == {"below"}
