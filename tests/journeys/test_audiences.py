"""The audience of every state says who finds the resource over REST: nobody more, nobody less.

Two cycles are played, with the cases in which who may see a thing depends on something else than the thing:
a draft, enterprises that others proposed, a class whose parties changed under its nominations and a returned
roster, and a session that was planned before a trainee of another department came. Then each caller's lists
are compared, resource by resource, with the newest states whose audience names the caller.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from deploy.demo.client import Actor, Refused
from deploy.demo.readback import OF_A_CLASS, OF_A_CYCLE, OF_A_PACK, OF_A_ROUND, RESOURCES, WHOLE
from deploy.demo.synthetic import card_number, credit_code
from deploy.standalone import running
from shared.events.envelope import Event
from shared.events.policy import PolicyPack, load_pack
from shared.outbox import outbox
from tests.support.cast import PACKS, SCRIPTS, Played
from tests.support.played import play

Seen = dict[str, set[str]]
"""Ids by resource."""


@dataclass(frozen=True, slots=True)
class Reader:
    """A caller, as the terms of an audience know it."""

    actor: Actor
    packs: Sequence[PolicyPack]

    def is_named_by(self, audience: Sequence[str]) -> bool:
        return self.actor.kind == "bureau" or any(self._is(term) for term in audience)

    def _is(self, term: str) -> bool:
        word, _, rest = term.partition(":")
        match word:
            case "public":
                return True
            case "org":
                return rest == self.actor.organisation_id
            case "kind":
                return rest == self.actor.kind
            case _:
                cycle_id, _, act = rest.partition("/")
                return any(
                    pack.may(act, kind=self.actor.kind, offices=self.actor.offices)
                    for pack in self.packs
                    if cycle_id in {"*", pack.cycle_id}
                )


@pytest.fixture
async def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Played]:
    # A home sets these for its process: the next test must not inherit them.
    monkeypatch.setenv("LINGJUN_HOME", "unset")
    monkeypatch.setenv("LINGJUN_MODE", "production")
    async with running(tmp_path, port=0, mode="rehearsal") as home:
        made = await play(home)
        await _Odd(made).play()
        yield made
        await made.platform.close()


@pytest.mark.clause("C35", "Q11")
async def test_each_caller_finds_exactly_what_names_it(played: Played):
    stated = await _newest_states(played)
    packs = [load_pack((PACKS / f"{script.label}.yaml").read_text("utf-8")) for script in SCRIPTS]
    assert {event.type.removesuffix(".state.v1") for event in stated} == RESOURCES
    differ: list[str] = []
    for name, actor in played.actors.items():
        reader = Reader(actor, packs)
        named: Seen = defaultdict(set)
        for event in stated:
            if reader.is_named_by(event.audience):
                named[event.type.removesuffix(".state.v1")].add(event.subject.partition("/")[2])
        found = await _found(played, actor)
        for resource in RESOURCES:
            differ += [f"{name} finds {resource}/{one} unnamed" for one in found[resource] - named[resource]]
            differ += [f"{name} is named by {resource}/{one}" for one in named[resource] - found[resource]]
    assert not differ, "\n".join(sorted(differ))


@dataclass(slots=True)
class _Odd:
    """Plays what a straight cycle does not have, in the cycle of 2022-2023."""

    played: Played
    steps: int = 0

    async def play(self) -> None:
        self.played.platform.now = datetime(2022, 11, 2, 2, tzinfo=UTC)
        await self._draft("演练草稿班")
        await self._propose_for_others()
        await self._change_the_parties()
        await self._bring_another_department()
        self.played.platform.now = None
        await self.played.settle()

    async def _draft(self, title: str) -> str:
        facts = self.played.things[0].bodies["/v1/classes"] | {"title_zh": title, "co_organisers": []}
        (made,) = await self._items("first", "/v1/classes", facts)
        return str(made["value"]["id"])

    async def _propose_for_others(self) -> None:
        """Let an institution and a neighbouring department propose enterprises of 浙江."""
        for number, proposer in ((7, "second"), (8, "ningbo")):
            await self._enterprise(proposer, "zhejiang", credit_code("330102", number))

    async def _change_the_parties(self) -> None:
        """Return a class and file it again with a partner, who has seen nothing of it until then."""
        class_id = await self._draft("演练改组班")
        path = f"/v1/classes/{class_id}"
        plan = self.played.things[0].bodies["training-plan"]
        await self.played.platform.put(self._actor("first"), f"{path}/training-plan", plan, step="odd plan")
        await self._post("first", f"{path}/filing")
        await self._nominate(class_id, SCRIPTS[0].trainee.card, credit_code("330102", 1))
        roster = await self._post("first", "/v1/rosters", {"class_id": class_id})
        await self._post("first", f"/v1/rosters/{roster['id']}/submission")
        await self._post("office", f"/v1/rosters/{roster['id']}/return", {"reason": "演练"})
        await self._post("office", f"{path}/return", {"reason": "演练"})
        partner = {"organisation_id": self._actor("partner").organisation_id, "kind": "training_body"}
        facts = self.played.things[0].bodies["/v1/classes"] | {"co_organisers": [partner]}
        facts = {name: value for name, value in facts.items() if name != "cycle_id"}
        await self.played.platform.put(self._actor("first"), path, facts, step="odd parties")
        await self._post("first", f"{path}/filing")

    async def _bring_another_department(self) -> None:
        """Plan a session, and then approve a trainee of 宁波 in its class."""
        class_id = self.played.things[0].ids["open_class_id"]
        session = {
            "class_id": class_id,
            "title": "演练课",
            "mode": "classroom",
            "method": "lecture",
            "starts_at": "2023-01-10T01:00:00Z",
            "minutes": 600,
        }
        await self._items("first", "/v1/sessions", session)
        uscc = credit_code("330203", 9)
        await self._enterprise("ningbo", "ningbo", uscc)
        nominated = await self._nominate(class_id, card_number("330203", date(1887, 7, 8), 9), uscc)
        # Others are nominated for the class as well; only this one is to be enrolled.
        drafted = {"class_id": class_id, "nomination_ids": [nominated]}
        roster = await self._post("first", "/v1/rosters", drafted)
        path = f"/v1/rosters/{roster['id']}"
        await self._post("first", f"{path}/submission")
        await self._items("office", f"{path}/decisions", {"position": 1, "decision": "approve"})
        await self._post("office", f"{path}/approval")

    async def _enterprise(self, by: str, home: str, uscc: str) -> None:
        facts = {"uscc": uscc, "name": f"演练企业{uscc[-4:]}", "industry_code": "3824", "employees": 200}
        department = {"department_id": self._actor(home).organisation_id, "revenue_wan": "3000"}
        await self._items(by, "/v1/enterprises", facts | department)

    async def _nominate(self, class_id: str, card: str, uscc: str) -> str:
        before = self.played.things[0].bodies["/v1/nominations"]
        document = {"kind": "resident_card", "number": card}
        person = before["person"] | {"document": document}
        named = {"class_id": class_id, "enterprise_uscc": uscc, "person": person}
        [made] = await self._items("first", "/v1/nominations", before | named)
        return str(made["value"]["id"])

    def _actor(self, name: str) -> Actor:
        return self.played.actors[name]

    async def _post(self, by: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        await self.played.settle()
        self.steps += 1  # each step has an idempotency key of its own
        step = f"odd {self.steps}"
        return await self.played.platform.post(self._actor(by), path, body or {}, step=step)

    async def _items(self, by: str, path: str, item: dict[str, Any]) -> list[dict[str, Any]]:
        await self.played.settle()
        self.steps += 1
        return await self.played.platform.bulk(self._actor(by), path, [item], step=f"odd {self.steps}")


async def _newest_states(played: Played) -> list[Event]:
    newest: dict[str, Event] = {}
    for database in played.home.databases.values():
        states = select(outbox.c.body).where(outbox.c.type.like("%.state.v1")).order_by(outbox.c.position)
        async with database.read() as session:
            events = [Event.from_wire(json.loads(body)) for body in await session.scalars(states)]
        newest |= {event.subject: event for event in events}
    return list(newest.values())


async def _found(played: Played, reader: Actor) -> Seen:
    """Read every list as this caller; what is refused shows nothing."""
    bureau = played.actors["bureau"]
    found: Seen = defaultdict(set)
    for resource, path in WHOLE.items():
        found[resource] |= await _ids(played, reader, path)
    for cycle_id in await _ids(played, bureau, "/v1/policy-packs"):
        for resource, path in OF_A_PACK.items():
            found[resource] |= await _ids(played, reader, path.format(cycle_id))
        for resource, path in OF_A_CYCLE.items():
            found[resource] |= await _ids(played, reader, path, cycle_id=cycle_id)
    for class_id in await _ids(played, bureau, "/v1/classes"):
        for resource, path in OF_A_CLASS.items():
            found[resource] |= await _ids(played, reader, path, class_id=class_id)
    for round_id in await _ids(played, bureau, "/v1/evaluation-rounds"):
        for resource, path in OF_A_ROUND.items():
            found[resource] |= await _ids(played, reader, path.format(round_id))
    return found


async def _ids(played: Played, reader: Actor, path: str, **query: str) -> set[str]:
    try:
        items = [item async for item in played.platform.pages(reader, path, **query)]
    except Refused as refusal:
        if refusal.status not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            raise
        return set()
    return {str(item.get("id") or item["cycle_id"]) for item in items}
