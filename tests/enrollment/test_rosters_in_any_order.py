"""All that can be asked about rosters, in any order: nobody counts twice, no class overflows (C06, C37).

Where `test_standing.py` closes each roster at once, here drafts and reviews stay open while people are
nominated, moved up, withdrawn and replaced, and while a class is cancelled.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx
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
from services.enrollment.nominations.models import Nomination
from services.enrollment.rosters.domain import OPEN, rows_digest
from services.enrollment.rosters.models import Roster, RosterRow
from services.enrollment.tables import Row
from shared.database import Database
from tests.enrollment.test_cancelled_classes import called_off, hear
from tests.support.enrollment_world import make_world
from tests.support.nominees import Plan, kind_of, nominee, plan_in

PEOPLE = range(1, 8)
CAPACITIES = (2, 3, 2)
CLASS = st.integers(0, len(CAPACITIES) - 1)
CHOICE = st.integers(0, 1000)
DECISION = st.sampled_from(("approve", "approve", "approve", "reject", "return"))
EXPECTED = {
    "capacity-exceeded",
    "class-not-approved",
    "class-not-under-way",
    "class-takes-no-nominations",
    "class-takes-no-rosters",
    "no-row-approved",
    "nominations-not-waiting",
    "person-already-enrolled",
    "roster-already-open",
    "roster-empty",
    "roster-not-draft",
    "roster-not-submitted",
    "row-unknown",
    "rows-undecided",
    "too-few-wait",
    "trainees-replaced-already",
}
"""What may be refused on the way; anything else is a fault of the platform."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of the tables that the rules speak of."""

    enrolments: Sequence[Enrolment]
    heads: Sequence[Head]
    rosters: Sequence[Roster]
    rows: Sequence[RosterRow]
    nominations: Sequence[Nomination]


class Desk(RuleBasedStateMachine):
    """Two classes that count and one that does not, small enough to overflow."""

    done: ClassVar[Counter[str]] = Counter()
    """What was really done over all runs: a machine that is refused everything shows nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.loop = self.stack.enter_context(asyncio.Runner())
        self.cancelled: set[str] = set()
        self.sealed: dict[str, tuple[Any, ...]] = {}
        self.touched = True

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run(work)

    @initialize()
    def begin(self) -> None:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.database = Database(f"sqlite+aiosqlite:///{folder / 'enrollment.db'}", name="enrollment")
        self.do(self.database.create_all(Row.metadata))
        self.plan: Plan = self.do(plan_in(make_world(self.database, folder)))
        lead = {"lead_id": self.plan.institution}
        other = self.do(self.plan.another_class(**lead))
        camp = self.do(self.plan.another_class(kind="boot_camp", **lead))
        self.counting = {self.plan.class_id, other}
        self.classes = [self.plan.class_id, other, camp]
        for class_id, capacity in zip(self.classes, CAPACITIES, strict=True):
            self.do(self.plan.world.turn(class_id, capacity=capacity))
        for which in range(len(CAPACITIES)):
            self.nominate(which, list(PEOPLE)[: CAPACITIES[which] + 1], reasoned=False)
        self.go_on_to_the_end(0)

    @override
    def teardown(self) -> None:
        self.do(self.database.close())
        self.stack.close()

    def speak_of(self, which: int) -> str:
        self.last = self.classes[which]
        return self.last

    def read(self, table: type[Any], *order: Any) -> Sequence[Any]:
        async def rows() -> Sequence[Any]:
            async with self.database.read() as session:
                return (await session.scalars(select(table).order_by(*order))).all()

        return self.do(rows())

    def open_roster(self, class_id: str) -> Roster | None:
        rosters = self.read(Roster, Roster.number)
        return next((one for one in rosters if one.class_id == class_id and one.status in OPEN), None)

    def told(self, what: str, answer: httpx.Response) -> None:
        """Note what was done; a refusal has to be one that the rules know."""
        self.touched = True
        if answer.status_code < 300:
            self.done[what] += 1
        else:
            assert kind_of(answer) in EXPECTED, answer.text

    def post(self, what: str, path: str, body: Any = None, *, reviewer: bool = False) -> None:
        by = self.plan.centre if reviewer else self.plan.institution
        self.told(what, self.do(self.plan.post(by, path, body)))

    def put(self, what: str, path: str, body: Any) -> None:
        async def ask() -> httpx.Response:
            async with self.plan.client(self.plan.institution) as http:
                return await http.put(path, json=body)

        self.told(what, self.do(ask()))

    @rule(
        which=CLASS, people=st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True), reasoned=st.booleans()
    )
    def nominate(self, which: int, people: list[int], *, reasoned: bool) -> None:
        class_id = self.speak_of(which)
        reason = "企业需要" if reasoned else None
        items = [nominee(class_id, one, second_enrolment_reason=reason) for one in people]
        refused, self.touched = class_id in self.cancelled, True
        for result in self.do(self.plan.nominate(self.plan.institution, *items)):
            assert (result["status"] >= 400) == refused, result

    @rule(which=CLASS)
    def go_on_to_the_end(self, which: int) -> None:
        self.go_on(which, 5, "approve")

    @rule(which=CLASS, steps=st.integers(1, 3), decision=DECISION)
    def go_on(self, which: int, steps: int, decision: str) -> None:
        """Take the next steps with a class: draft, submit, decide what is left, approve."""
        for _ in range(steps):
            self.step(self.speak_of(which), decision)

    def step(self, class_id: str, decision: str) -> None:
        roster = self.open_roster(class_id)
        if roster is None:
            return self.post("draft", "/v1/rosters", {"class_id": class_id})
        path = f"/v1/rosters/{roster.id}"
        if roster.status == "draft":
            if not roster.rows:
                self.put("fill", f"{path}/rows", {})
            return self.post("submit", f"{path}/submission")
        if any(one.decision is None for one in self.read(RosterRow) if one.roster_id == roster.id):
            body = {"decision": decision, "reason": "不符合条件"}
            return self.post("decide the rest", f"{path}/remaining-decisions", body, reviewer=True)
        return self.post("approve", f"{path}/approval", reviewer=True)

    @rule(which=CLASS, position=st.integers(1, 3), decision=DECISION)
    def decide(self, which: int, position: int, decision: str) -> None:
        if roster := self.open_roster(self.speak_of(which)):
            item = {"position": position, "decision": decision, "reason": "不符合条件"}
            path = f"/v1/rosters/{roster.id}/decisions"
            self.post("decide", path, {"items": [item]}, reviewer=True)

    @rule(which=CLASS)
    def return_it(self, which: int) -> None:
        if roster := self.open_roster(self.speak_of(which)):
            self.post("return", f"/v1/rosters/{roster.id}/return", {"reason": "请补充"}, reviewer=True)

    @rule(which=CLASS, few=st.integers(1, 9), through=st.booleans())
    def name_rows(self, which: int, few: int, *, through: bool) -> None:
        """Name rows by hand, the last who wait first, and mostly more than there is room for."""
        class_id = self.speak_of(which)
        waiting = [one["nomination_id"] for one in self.waiting(class_id)]
        if waiting:
            named = {"nomination_ids": waiting[::-1][:few]}
            if (roster := self.open_roster(class_id)) is None:
                self.post("name", "/v1/rosters", {"class_id": class_id, **named})
            else:
                self.put("name", f"/v1/rosters/{roster.id}/rows", named)
        if through:
            self.go_on(which, 4, "approve")

    @rule(which=CLASS, chosen=st.lists(CHOICE, min_size=1, max_size=4))
    def order(self, which: int, chosen: list[int]) -> None:
        class_id = self.speak_of(which)
        before = [one["nomination_id"] for one in self.waiting(class_id)]
        if before:
            first = list(dict.fromkeys(before[one % len(before)] for one in chosen))
            self.put("order", f"/v1/waiting-lists/{class_id}", {"nomination_ids": first})
            after = [one["nomination_id"] for one in self.waiting(class_id)]
            assert class_id in self.cancelled or after == [
                *first,
                *(one for one in before if one not in first),
            ]

    @rule(which=CHOICE)
    def withdraw(self, which: int) -> None:
        standing = [one for one in self.read(Enrolment, Enrolment.id) if one.status == "enrolled"]
        if standing:
            self.told("withdraw", self.do(self.plan.withdraw(standing[which % len(standing)].id)))

    @rule(which=CHOICE)
    def replace(self, which: int) -> None:
        """Let the next who waits take the place of a trainee, even of one who is replaced already."""
        known = self.read(Enrolment, Enrolment.id)
        if known:
            one = known[which % len(known)]
            self.last = one.class_id
            marks = {"replacements": [{"enrolment_id": one.id}]}
            if (roster := self.open_roster(one.class_id)) is None:
                self.post("replace", "/v1/rosters", {"class_id": one.class_id, **marks})
            else:
                self.put("replace", f"/v1/rosters/{roster.id}/rows", marks)

    @rule(which=CLASS)
    @precondition(lambda self: not self.cancelled and self.read(Enrolment))
    def cancel(self, which: int) -> None:
        class_id = self.speak_of(which)
        self.cancelled.add(class_id)
        self.touched = True
        called = called_off(self.plan, class_id)
        self.do(self.plan.world.turn(class_id, status="cancelled"))
        self.do(hear(self.plan, called))
        self.done["cancel"] += 1

    def waiting(self, class_id: str) -> list[dict[str, Any]]:
        answer = self.do(self.plan.get(self.plan.institution, f"/v1/waiting-lists/{class_id}"))
        return answer.json()["items"]

    @invariant()
    def all_rules_hold(self) -> None:
        if not self.touched:
            return
        self.touched = False
        now = self.do(self.snapshot())
        self.check_heads(now)
        self.check_capacity(now)
        self.check_closed_rosters(now)
        self.check_queue(now)

    async def snapshot(self) -> Snapshot:
        async with self.database.read() as session:
            return Snapshot(
                (await session.scalars(select(Enrolment))).all(),
                (await session.scalars(select(Head))).all(),
                (await session.scalars(select(Roster))).all(),
                (await session.scalars(select(RosterRow))).all(),
                (await session.scalars(select(Nomination))).all(),
            )

    def check_heads(self, now: Snapshot) -> None:
        """Heads are the persons with a standing approved row in a class that counts, each once."""
        standing = [
            one for one in now.enrolments if one.status != "withdrawn" and one.class_id in self.counting
        ]
        assert sorted(one.person_id for one in now.heads) == sorted({one.person_id for one in standing})
        held = {one.enrolment_id for one in now.heads}
        assert held == {one.id for one in now.enrolments if one.head}
        assert held <= {one.id for one in standing}
        approved = {one.id for one in now.rosters if one.status == "approved"}
        rows = [
            (one.roster_id, one.position)
            for one in now.rows
            if one.roster_id in approved and one.decision == "approve"
        ]
        assert sorted(rows) == sorted((one.roster_id, one.position) for one in now.enrolments)

    def check_capacity(self, now: Snapshot) -> None:
        held = Counter(one.class_id for one in now.enrolments if one.status != "withdrawn")
        for class_id, capacity in zip(self.classes, CAPACITIES, strict=True):
            assert held[class_id] <= capacity

    def check_closed_rosters(self, now: Snapshot) -> None:
        """Each roster has the hash of its rows; a closed one has for ever what it had when it was closed."""
        for roster in now.rosters:
            own = sorted(
                (one for one in now.rows if one.roster_id == roster.id), key=lambda one: one.position
            )
            hashed = rows_digest((one.position, one.nomination_id, one.replaces_enrolment_id) for one in own)
            assert (roster.rows_sha256, roster.rows) == (hashed, len(own))
            if roster.status not in OPEN:
                kept = (hashed, roster.status, roster.number, *((one.decision, one.reason) for one in own))
                assert self.sealed.setdefault(roster.id, kept) == kept
        assert self.sealed.keys() <= {one.id for one in now.rosters}

    def check_queue(self, now: Snapshot) -> None:
        """Of the class that was last spoken of each nomination is decided, on the open roster, or waits."""
        rosters = {one.id: one for one in now.rosters if one.class_id == self.last}
        rows = [(one, rosters[one.roster_id].status) for one in now.rows if one.roster_id in rosters]
        decided = [
            one.nomination_id for one, status in rows if status == "approved" and one.decision != "return"
        ]
        listed = [one.nomination_id for one, status in rows if status in OPEN]
        shown = self.waiting(self.last)
        assert [one["place"] for one in shown] == list(range(1, len(shown) + 1))
        everybody = [one.id for one in now.nominations if one.class_id == self.last]
        waiting = [one["nomination_id"] for one in shown]
        assert sorted([*decided, *listed, *waiting]) == sorted(everybody)


@pytest.mark.clause("C06", "C26", "C37", "Q7", "Q8")
def test_nobody_counts_twice_and_no_class_overflows_whatever_is_asked_in_whatever_order():
    Desk.done.clear()
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=16,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {"approve", "withdraw", "replace", "order"} <= Desk.done.keys()
