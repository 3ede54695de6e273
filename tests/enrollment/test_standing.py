"""Approvals, withdrawals, replacements, merges in any order: who stands where it counts has one head."""

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from typing_extensions import override

from services.enrollment.enrolments.models import Enrolment, Head
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.tables import Row
from shared.database import Database
from shared.events.enrollment import EnrolmentState, TraineeWithdrawn
from tests.support.enrollment_world import make_world
from tests.support.merging import merge, undo
from tests.support.nominees import Plan, kind_of, nominee, plan_in

PEOPLE = range(1, 6)
DECISIONS = ("approve", "approve", "reject", "return")
REASON = {"second_enrolment_reason": "企业需要"}
CHOICE = st.integers(min_value=0, max_value=1000)


class Standing(RuleBasedStateMachine):
    """Two classes that count and one that does not, five people, and whoever runs and reviews them."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.loop = self.stack.enter_context(asyncio.Runner())
        self.people: dict[int, str] = {}
        self.merges: list[tuple[str, dict[int, str]]] = []
        self.closed: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {}

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(work)

    @initialize()
    def begin(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.database = Database(f"sqlite+aiosqlite:///{folder / 'enrollment.db'}", name="enrollment")
        self.do(self.database.create_all(Row.metadata))
        self.plan: Plan = self.do(plan_in(make_world(self.database, folder)))
        lead = {"lead_id": self.plan.institution}
        camp = self.do(self.plan.another_class(kind="boot_camp", **lead))
        self.counting = [self.plan.class_id, self.do(self.plan.another_class(**lead))]
        self.classes = [*self.counting, camp]

    @override
    def teardown(self) -> None:
        self.do(self.database.close())
        self.stack.close()

    def enrolments(self, status: str | None = None) -> list[Enrolment]:
        async def read() -> list[Enrolment]:
            async with self.database.read() as session:
                return list(await session.scalars(select(Enrolment).order_by(Enrolment.id)))

        return [one for one in self.do(read()) if status in {None, one.status}]

    @rule(
        which=CHOICE,
        people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True),
        choices=st.lists(st.sampled_from(DECISIONS), min_size=len(PEOPLE), max_size=len(PEOPLE)),
    )
    def decide_on_a_roster(self, which: int, people: list[int], choices: list[str]) -> None:
        class_id = self.classes[which % len(self.classes)]
        self.close(class_id, people, choices)

    @rule(which=CHOICE)
    @precondition(lambda self: self.enrolments("enrolled"))
    def withdraw(self, which: int) -> None:
        standing = self.enrolments("enrolled")
        answer = self.do(self.plan.withdraw(standing[which % len(standing)].id))
        assert answer.status_code == 200, answer.text

    @rule(which=CHOICE, person=st.sampled_from(PEOPLE), choice=st.sampled_from(DECISIONS))
    @precondition(lambda self: self.enrolments())
    def replace(self, which: int, person: int, choice: str) -> None:
        """Let somebody take the place of a trainee, be it one who has left or is replaced already."""
        known = self.enrolments()
        one = known[which % len(known)]
        self.close(one.class_id, [person], [choice], one.id)

    @precondition(lambda self: len(self.people) > 1)
    @rule(pair=st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True))
    def merge(self, pair: list[int]) -> None:
        """Find two people to be one; somebody who was merged before is somebody else by now."""
        persons = [self.people.get(one) for one in pair]
        if None in persons:
            return
        answer = self.do(merge(self.plan, str(persons[0]), str(persons[1])))
        if answer.status_code == 201:
            self.merges.append((answer.json()["id"], dict(self.people)))
            return
        assert kind_of(answer) in {"person-merged-already", "persons-the-same"}, answer.text

    @rule()
    @precondition(lambda self: self.merges)
    def part(self) -> None:
        """Undo the merge that was done last: a class has room for everybody."""
        merge_id, people = self.merges.pop()
        answer = self.do(undo(self.plan, merge_id))
        assert answer.status_code == 200, answer.text
        self.people |= people

    def close(
        self, class_id: str, people: list[int], choices: list[str], replaced: str | None = None
    ) -> None:
        """Nominate people, hand in a roster of them, and approve it; return it when no row is approved."""
        plan = self.plan
        results = self.do(
            plan.nominate(plan.institution, *(nominee(class_id, one, **REASON) for one in people))
        )
        # Two who were found to be one are one nominee.
        made = {one: result["value"] for one, result in zip(people, results, strict=True) if result["value"]}
        self.people.update((one, value["person"]["id"]) for one, value in made.items())
        ids = [value["id"] for value in made.values()]
        marks = [(ids[0], replaced)] if replaced else []
        draft = self.do(plan.replace(class_id, marks, nomination_ids=ids))
        if draft.status_code == 409:
            kind = draft.json()["type"].rpartition(":")[2]
            assert kind in {"nominations-not-open", "trainees-replaced-already", "trainees-not-replaceable"}
            return
        decisions = choices[: len(ids)]
        path = f"/v1/rosters/{draft.json()['id']}"
        self.do(plan.hand_in(draft.json()["id"], decisions))
        if "approve" in decisions:
            closed = self.do(plan.approve(draft.json()["id"]))
        else:
            closed = self.do(plan.post(plan.centre, f"{path}/return", {"reason": "请补充"}))
        assert closed.status_code == 200, closed.text

    @invariant()
    def whoever_stands_in_a_class_that_counts_has_one_head(self) -> None:
        async def read() -> list[tuple[str, str]]:
            async with self.database.read() as session:
                return [
                    tuple(row) for row in await session.execute(select(Head.person_id, Head.enrolment_id))
                ]

        enrolments, held = self.enrolments(), self.do(read())
        counted = {one.person_id for one in enrolments if self.counts(one)}
        assert sorted(person for person, _ in held) == sorted(counted)
        assert {one.id for one in enrolments if one.head} == {enrolment for _, enrolment in held}
        assert all(self.counts(one) for one in enrolments if one.head)
        replaced = [one.replaces_enrolment_id for one in enrolments if one.replaces_enrolment_id]
        status = {one.id: one.status for one in enrolments}
        assert len(replaced) == len(set(replaced))
        assert {status[one] for one in replaced} <= {"withdrawn"}

    def counts(self, one: Enrolment) -> bool:
        return one.status not in {"withdrawn", "merged"} and one.class_id in self.counting

    @invariant()
    def each_change_is_told_once_and_each_departure_too(self) -> None:
        versions: dict[str, list[int]] = defaultdict(list)
        for event in self.do(self.plan.world.told(EnrolmentState.state_type())):
            versions[event.subject.partition("/")[2]].append(event.version)
        enrolments = self.enrolments()
        assert versions == {one.id: list(range(1, one.version + 1)) for one in enrolments}
        gone = [one.data["enrolment_id"] for one in self.do(self.plan.world.told(TraineeWithdrawn.TYPE))]
        assert sorted(gone) == sorted(one.id for one in enrolments if one.status == "withdrawn")

    @invariant()
    def a_closed_roster_never_changes_and_counts_whom_it_enrolled(self) -> None:
        async def read() -> dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]]:
            async with self.database.read() as session:
                rosters = (await session.execute(select(*Roster.__table__.c))).mappings().all()
                rows = await session.execute(select(*RosterRow.__table__.c).order_by(RosterRow.position))
                of: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
                for row in rows:
                    of[row.roster_id].append(tuple(row))
                return {one["id"]: (dict(one), of[one["id"]]) for one in rosters}

        now = self.do(read())
        assert self.closed.items() <= now.items()
        self.closed = now
        enrolled = [one.roster_id for one in self.enrolments()]
        for roster_id, (roster, _) in now.items():
            assert roster["status"] in {"approved", "returned"}
            if roster["status"] == "approved":
                assert enrolled.count(roster_id) == roster["approved_rows"]


@pytest.mark.clause("Q7", "Q8")
def test_heads_follow_whoever_stands_in_any_order_of_approvals_withdrawals_replacements_and_merges():
    run_state_machine_as_test(
        Standing,
        settings=settings(
            max_examples=8,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
