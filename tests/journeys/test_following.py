"""The cycle 2022-2023 and the one that follows it: who is barred there, and whether the services agree."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select
from typer.testing import CliRunner, Result

from deploy import cli
from deploy.demo import reconcile as reconciling
from deploy.demo.client import Actor, Platform
from deploy.demo.export import Export
from deploy.demo.readback import RESOURCES, Shown, read_all
from deploy.demo.reconcile import Reconciliation, compare_all, reconcile
from shared.database import Database
from shared.outbox import outbox
from tests.crash.settled import until_settled
from tests.journeys.conftest import Items, Played, played_small

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLASSES = 9
"""Those that count: six arranged by two kinds, and three special topics. The boot camp does not."""

UNPLAYED = frozenset(
    {
        "registry.class_revision",
        "registry.department_plan",
        "registry.discipline_incident",
        "registry.fund_ledger",
        "registry.seat_allotment",
        "registry.teaching_base",
    }
)
"""Resources of which the story that is played has none."""

Versions = Mapping[str, list[int]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """Play the cycle, and let the home come to rest."""
    folder = tmp_path_factory.mktemp("following")
    async with played_small(folder, "2022-2023", classes=CLASSES) as played:
        await until_settled(list(played.home.databases.values()))
        yield played


@pytest.mark.clause("C02", "C19")
async def test_all_departments_are_told_apart_by_whether_they_answered_in_time(played: Played):
    assert played.summary.liaison_forms == {"in_time": 35, "late": 1, "missing": 1}


@pytest.mark.clause("C26", "Q7")
async def test_a_boot_camp_has_trainees_and_adds_no_heads(played: Played):
    classes = await played.read("/v1/classes", cycle_id=played.story.cycle_id)
    (camp,) = [one for one in classes if one["kind"] == "boot_camp"]
    trainees = await played.read("/v1/enrolments", class_id=camp["id"])
    assert trainees
    assert not any(one["head"] for one in trainees)
    assert camp["approved_heads"] == played.summary.persons_by_class_kind["boot_camp"] == 0


@pytest.mark.clause("C16")
async def test_special_topics_have_co_organisers_of_every_kind_that_the_notice_names(played: Played):
    classes = await played.read("/v1/classes", cycle_id=played.story.cycle_id)
    partners = {one["kind"] for course in classes for one in course["co_organisers"]}
    (rule,) = {one for one in played.story.pack.arrangement_rules if one.co_organised_by}
    assert partners == set(rule.co_organised_by or ())


@pytest.mark.clause("C28")
async def test_enterprises_of_every_tier_take_part(played: Played):
    enterprises = await played.read("/v1/enterprises")
    tiers = Counter(one["tier"] and one["tier"]["code"] for one in enterprises)
    assert set(tiers) == {None, *(tier.code for tier in played.story.pack.tiers)}


@pytest.mark.clause("C39")
async def test_the_last_two_by_rank_fall_and_the_third_last_below_eighty_does_not(played: Played):
    results = await played.read(f"/v1/evaluation-rounds/{played.story.round_id}/results")
    ranked = sorted(results, key=lambda one: one["rank"])
    assert [one["suspended"] for one in ranked] == [False] * 18 + [True, True]
    assert ranked[17]["total"] < "80.00"


@pytest.mark.clause("C39", "Q14")
async def test_a_suspended_institution_is_not_designated_in_the_cycle_that_follows(played: Played):
    story, refused = played.story, played.summary.refused_designation
    assert refused is not None
    assert refused["institution"] in played.summary.institutions_suspended
    assert (refused["cycle"], refused["evaluation"]) == (story.following_id, story.round_id)
    suspensions = await played.read("/v1/suspensions", evaluated_cycle_id=story.cycle_id)
    assert [(one["status"], one["barred_cycle_id"]) for one in suspensions] == [
        ("in_force", story.following_id)
    ] * 2
    (other,) = await played.read("/v1/designations", cycle_id=story.following_id)
    assert other["institution_id"] not in {one["institution_id"] for one in suspensions}


@pytest.mark.clause("C01")
async def test_the_cycle_that_follows_says_that_it_is_invented(played: Played):
    found = await played.story.platform.get(None, f"/v1/policy-packs/{played.story.following_id}")
    assert found["follows"] == played.story.cycle_id
    assert "虚构" in found["document"]["notice"]["number"]
    assert "虚构" in found["document"]["notice"]["title"]


async def test_the_services_agree_about_every_trainee_certificate_suspension_and_change(played: Played):
    found, _ = await reconcile(played.story.platform, played.story.cast.of_kind("bureau"))
    assert found.differences == {}
    assert min(found.counts.values()) > 0


async def test_what_one_service_does_not_know_is_named(played: Played):
    platform, bureau = played.story.platform, played.story.cast.of_kind("bureau")
    shown = await read_all(platform, bureau)
    lost = shown.items["certification.certificate"].pop()
    found = await compare_all(platform, bureau, shown)
    assert found.differences["completed = certificates 结业与证书"] == [
        f"{lost['enrolment_id']}: {lost['number']} / None"
    ]
    assert found.differences["changes 变更"] == [
        f"certification.certificate/{lost['id']}: {lost['version']} / None"
    ]


async def test_a_difference_of_values_is_named_as_one_of_ids_is():
    found = Reconciliation()
    found.compare("numbers", {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3})
    assert found.differences == {"numbers": ["b: 2 / 3", "c: 3 / None"]}
    assert not found.holds


@pytest.mark.clause("C25")
async def test_every_resource_states_each_of_its_versions_and_shows_the_last(played: Played):
    """Copies and feeds are built from states alone: a change that is not stated is lost to everybody else."""
    stated: dict[str, list[int]] = {}
    for database in played.home.databases.values():
        stated |= await _stated(database)
    skipped = {subject: found for subject, found in stated.items() if found != _counted(found)}
    assert skipped == {}
    shown = dict((await read_all(played.story.platform, played.story.cast.of_kind("bureau"))).versions())
    assert {subject.partition("/")[0] for subject in shown} == RESOURCES - UNPLAYED
    assert shown == {subject: found[-1] for subject, found in stated.items()}


async def test_the_command_tells_whoever_sees_all_that_the_services_agree(played: Played):
    bureau = played.story.cast.of_kind("bureau")
    told = await lingjun(played, "reconcile", id=bureau.client_id, secret=bureau.secret)
    assert told.exit_code == 0, told.stdout
    assert "reconciliation 对账: OK" in told.stdout


async def test_the_command_ends_with_one_and_names_what_differs(played: Played):
    lost: Items = []

    async def read_all_but_one(platform: Platform, reader: Actor) -> Shown:
        shown = await read_all(platform, reader)
        lost.append(shown.items["certification.certificate"].pop())
        return shown

    bureau = played.story.cast.of_kind("bureau")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reconciling, "_PATIENCE_SECONDS", 0.0)
        patch.setattr(reconciling, "read_all", read_all_but_one)
        told = await lingjun(played, "reconcile", id=bureau.client_id, secret=bureau.secret)
    assert told.exit_code == 1
    assert f"{lost[0]['enrolment_id']}: {lost[0]['number']} / None" in told.stdout


async def test_who_does_not_see_all_is_told_who_does(played: Played):
    department = played.story.cast.of_kind("department")
    told = await lingjun(played, "reconcile", id=department.client_id, secret=department.secret)
    assert told.exit_code == 2
    assert "bureau" in told.stderr


async def test_a_play_said_again_from_the_beginning_changes_nothing(played: Played):
    bureau = played.story.cast.of_kind("bureau")
    before = await Export(played.story.platform, bureau).collect()
    operator = played.story.operator
    words = ("demo", "--trainees", str(played.story.trainees), "--home", str(played.home.folder))
    told = await lingjun(played, *words, id=operator.client_id, secret=operator.secret)
    assert told.exit_code == 0, told.stdout
    assert "reconciliation 对账: OK" in told.stdout
    assert await Export(played.story.platform, bureau).collect() == before
    written = json.loads((played.home.folder / "summary.json").read_text("utf-8"))
    assert written["reconciled"] is True
    assert written["refused_designation"] == played.summary.refused_designation


async def lingjun(played: Played, *words: str, id: str, secret: str) -> Result:  # noqa: A002 - the flag's word
    """Run a command against the home, in a thread: it has an event loop of its own."""
    given = ["--url", played.home.address, "--client-id", id, "--client-secret", secret]
    run = CliRunner().invoke
    return await asyncio.to_thread(run, cli.app, [*words, *given], catch_exceptions=False)


def _counted(versions: list[int]) -> list[int]:
    return list(range(1, len(versions) + 1))


async def _stated(database: Database) -> Versions:
    """List the versions that a service has stated of each aggregate, in the order of their recording."""
    states = select(outbox.c.body).where(outbox.c.type.like("%.state.v1")).order_by(outbox.c.position)
    found: dict[str, list[int]] = defaultdict(list)
    async with database.read() as session:
        for body in await session.scalars(states):
            event: dict[str, Any] = json.loads(body)
            found[event["subject"]].append(event["aggregateversion"])
    return found
