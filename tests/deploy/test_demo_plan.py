"""What a played cycle is made of, worked out from its pack before anything is said to the platform."""

import asyncio
from collections import Counter
from decimal import Decimal
from functools import cache
from itertools import pairwise

import pytest

from deploy.demo.cast import Cast, read_parts
from deploy.demo.client import Actor, Platform, side_by_side
from deploy.demo.command import enough_for
from deploy.demo.courses import plan_courses
from deploy.demo.packs import shipped_packs
from deploy.demo.scores import sheet, totals
from deploy.demo.story import Course, Story
from deploy.demo.successor import invent_successor
from services.evaluation.scheme import get_scheme
from services.evaluation.sheets import Scale, read_scores, weighted_total
from shared.events.policy import PolicyPack, load_pack

LABELS = tuple(shipped_packs())
SCALE = Scale(top_score=100, decimals=2)


@cache
def pack_of(label: str) -> PolicyPack:
    return load_pack(shipped_packs()[label])


def courses_of(label: str, trainees: int) -> list[Course]:
    """Plan the classes of a cycle with a cast that nobody has registered."""
    operator = Actor("", "", "operator", "")
    story = Story(Platform("http://nowhere.invalid"), operator, {}, label, trainees, lambda *_: None)
    story.pack = pack_of(label)
    story.cast = Cast(operator)
    for part in read_parts():
        story.cast.parts[part.name_zh] = part
        story.cast.ids[part.name_zh] = part.name_zh
        story.cast.actors[part.name_zh] = Actor("", "", part.kind, part.name_zh)
    return plan_courses(story)


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("trainees", [1, 2000, 20_000])
def test_every_rule_and_topic_of_the_pack_has_a_class_however_few_take_part(label: str, trainees: int):
    pack, courses = pack_of(label), courses_of(label, trainees)
    held = {(course.kind, course.arrangement) for course in courses}
    assert held == {(rule.kind, rule.arrangement) for rule in pack.arrangement_rules}
    assert {course.topic for course in courses} - {None} == {topic.code for topic in pack.special_topics}


@pytest.mark.clause("C08", "C36", "Q15")
@pytest.mark.parametrize("label", LABELS)
def test_every_class_lies_within_its_longest_duration_and_after_its_selection(label: str):
    pack = pack_of(label)
    for course in courses_of(label, 2000):
        latest = pack.class_kind(course.kind).latest_end(course.span.starts_on)
        assert course.span.closes_on < course.span.starts_on < course.span.ends_on
        assert latest is None or course.span.ends_on <= latest
        for day in (course.span.submitted_on, course.span.submitted_again_on, course.span.replaced_on):
            assert day <= course.span.closes_on


@pytest.mark.clause("C06")
@pytest.mark.parametrize(("label", "institutions"), [("2022-2023", 20), ("2019-2020", 21)])
def test_a_whole_cycle_has_sixty_classes_that_count_in_which_every_institution_teaches(
    label: str, institutions: int
):
    courses = courses_of(label, enough_for(shipped_packs()[label]))
    assert sum(course.counts for course in courses) >= 60
    teachers = Counter(one.organisation_id for course in courses for one in course.teachers)
    assert len(teachers) >= institutions


@pytest.mark.clause("C29", "Q13")
def test_where_any_body_may_teach_one_that_is_not_designated_does():
    filed = [course for course in courses_of("2019-2020", 1800) if course.coordinated]
    assert {"training_body", "institution"} <= {one.kind for course in filed for one in course.teachers}
    assert all(len(course.teachers) == 1 for course in filed)


@pytest.mark.clause("C39", "Q6")
@pytest.mark.parametrize("label", LABELS)
def test_the_weighted_total_of_a_sheet_is_the_total_that_was_wanted(label: str):
    pack = pack_of(label)
    leaves = get_scheme("illustrative").adapted(pack)
    wanted = totals(pack, 21)
    assert all(above > below for above, below in pairwise(wanted))
    weights: dict[str, int] = {leaf["code"]: leaf["weight"] for leaf in leaves}
    for total in wanted:
        texts = {one["indicator"]: one["score"] for one in sheet(leaves, total)}
        assert weighted_total(read_scores(texts, SCALE), weights, SCALE) == int(total * 100)


def test_three_institutions_can_be_scored_too():
    assert len(totals(pack_of("2019-2020"), 3)) == 3
    assert min(totals(pack_of("2019-2020"), 3)) == Decimal("77.25")


@pytest.mark.clause("C01", "Q14")
@pytest.mark.parametrize("label", LABELS)
def test_the_invented_cycle_follows_a_year_later_and_says_so(label: str):
    pack = pack_of(label)
    invented = invent_successor(pack)
    assert invented.follows == pack.cycle_id
    assert invented.label == "-".join(str(int(year) + 1) for year in label.split("-"))
    assert "虚构" in invented.notice.number
    assert "虚构" in invented.notice.title
    assert [one.until.year for one in invented.deadlines] == [one.until.year + 1 for one in pack.deadlines]
    assert invented.class_kinds == pack.class_kinds


async def test_the_first_failure_ends_the_others_that_run_beside_it():
    begun: list[int] = []

    async def fail_at_two(number: int) -> None:
        begun.append(number)
        await asyncio.sleep(0)  # let the others have their turn
        if number == 2:
            raise LookupError(str(number))

    with pytest.raises(LookupError):
        await side_by_side(range(100), fail_at_two)
    assert len(begun) < 100
