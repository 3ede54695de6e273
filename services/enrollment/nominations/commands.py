"""Nominating: a whole request is screened and stored set by set, never item by item.

An item with an error finding is refused and nothing of it is kept; warnings and remarks are kept
with the nomination. The same person by the other channel adds its credit to the same row (C34).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.audiences import trainee_audience
from services.enrollment.enrolments.queries import find_heads
from services.enrollment.findings import Finding, has_error
from services.enrollment.nominations.domain import NominatedTwiceHere, NominationRefused
from services.enrollment.nominations.drafts import Draft, Sources, draft_nomination, read_sources
from services.enrollment.nominations.models import Nomination
from services.enrollment.nominations.queries import view
from services.enrollment.nominations.schemas import Nominate, NominationView, ScreeningView
from services.enrollment.nominations.states import nomination_state, state_of_row
from services.enrollment.persons.commands import add_phones, hold_persons, register_persons
from services.enrollment.persons.models import Key, Person
from services.enrollment.persons.queries import find_persons, get_persons
from shared.bulk import ItemResult, Results, refuse, refused
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.database import Database
from shared.events.envelope import Event
from shared.ids import new_id
from shared.inserting import insert_rows
from shared.outbox import record
from shared.problems import Detail, Problem, fault_of, item_problem, present_language
from shared.sealed import Sealer

Refusals = dict[int, ItemResult[NominationView]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft that stands now, with its row: of one that was `there` before, or that was made just now."""

    draft: Draft
    person_id: str
    row: Mapping[str, Any]
    there: Nomination | None
    credited: bool

    @property
    def made(self) -> bool:
        return self.there is None

    @property
    def nomination_id(self) -> str:
        return self.there.id if self.there else self.row["id"]

    @property
    def nomination(self) -> Nomination:
        return self.there or Nomination(**{name: one for name, one in self.row.items() if name != "turn"})


@dataclass(frozen=True, slots=True)
class _Screened:
    """What screening says of a request: the drafts that it lets through, and the refusals by index."""

    sound: list[tuple[Draft, list[Finding]]]
    refusals: Refusals
    known: Mapping[Key, Person]


async def nominate(
    session: AsyncSession, caller: Caller, sealer: Sealer, items: Sequence[Nominate], now: datetime
) -> Results[NominationView]:
    """Put persons forward for classes; each item gets a result of its own."""
    screened = await _screen(session, caller, sealer, items, now, held=True)
    kept = await keep_nominations(session, caller, sealer, screened.sound, screened.known, now)
    persons = await get_persons(session, {one.person_id for one in kept})
    stored = {
        one.draft.index: ItemResult(
            index=one.draft.index,
            status=201 if one.made else 200,
            value=view(sealer, one.nomination, persons[one.person_id]),
        )
        for one in kept
    }
    return Results(results=[(stored | screened.refusals)[index] for index in range(len(items))])


async def preview_nominations(
    session: AsyncSession, caller: Caller, sealer: Sealer, items: Sequence[Nominate], now: datetime
) -> Results[ScreeningView]:
    """Tell what nominating these persons would answer, and store nothing."""
    screened = await _screen(session, caller, sealer, items, now, held=False)
    shown = {
        draft.index: ItemResult(index=draft.index, status=200, value=_screening_view(draft, findings))
        for draft, findings in screened.sound
    }
    refusals = {
        index: ItemResult[ScreeningView](index=index, status=one.status, problem=one.problem)
        for index, one in screened.refusals.items()
    }
    return Results(results=[(shown | refusals)[index] for index in range(len(items))])


def _screening_view(draft: Draft, findings: Sequence[Finding]) -> ScreeningView:
    shown = {
        "class_id": draft.item.class_id,
        "channel": draft.channel,
        "department_id": draft.enterprise.department_id,
        "findings": [finding.to_json() for finding in findings],
    }
    return ScreeningView.model_validate(shown)


async def _screen(
    session: AsyncSession,
    caller: Caller,
    sealer: Sealer,
    items: Sequence[Nominate],
    now: datetime,
    *,
    held: bool,
) -> _Screened:
    """Screen the items; `held` keeps their classes as they are until the transaction ends."""
    refusals: Refusals = {}
    sources = await read_sources(session, items, held=held)
    drafts = _drafts(session, caller, sealer, items, sources, now, refusals)
    known = await find_persons(session, sealer, {draft.key: draft.identity for draft in drafts})
    drafts = _one_per_person(drafts, known, refusals)
    heads = await find_heads(
        session, {(draft.cycle_id, known[draft.key].id) for draft in drafts if draft.key in known}
    )
    sound: list[tuple[Draft, list[Finding]]] = []
    for draft in drafts:
        try:
            findings = draft.screened(sealer, known.get(draft.key), heads)
        except Exception as error:
            if fault_of(error) is None:
                raise
            refusals[draft.index] = refused(draft.index, error)
            continue
        if has_error(findings):
            refusals[draft.index] = _refused_by_screening(draft, findings)
        else:
            sound.append((draft, findings))
    return _Screened(sound, refusals, known)


def _drafts(
    session: AsyncSession,
    caller: Caller,
    sealer: Sealer,
    items: Sequence[Nominate],
    sources: Sources,
    now: datetime,
    refusals: Refusals,
) -> list[Draft]:
    drafts: dict[tuple[str, Key], Draft] = {}
    for index, item in enumerate(items):
        try:
            draft = draft_nomination(sources, caller, sealer, index, item, now)
        except RestsOnCopy as lag:
            refusals[index] = refuse(session, index, lag)
        except Exception as error:
            if fault_of(error) is None:
                raise
            refusals[index] = refused(index, error)
        else:
            first = drafts.setdefault(draft.identity_in_class, draft)
            if first is not draft:
                refusals[index] = refused(index, NominatedTwiceHere(first_index=first.index))
    return list(drafts.values())


def _one_per_person(drafts: Sequence[Draft], known: Mapping[Key, Person], refusals: Refusals) -> list[Draft]:
    """Keep one draft of who is named by two documents in one class, which only a merge makes one person."""
    firsts: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        person = known.get(draft.key)
        named = (draft.item.class_id, person.id) if person else (draft.item.class_id, f"item {draft.index}")
        first = firsts.setdefault(named, draft)
        if first is not draft:
            refusals[draft.index] = refused(draft.index, NominatedTwiceHere(first_index=first.index))
    return list(firsts.values())


def _refused_by_screening(draft: Draft, findings: list[Finding]) -> ItemResult[NominationView]:
    english = present_language() == "en"
    refusal = NominationRefused(
        class_id=draft.planned.state.id, findings=[finding.to_json() for finding in findings]
    )
    problem: Problem = item_problem(refusal, draft.index)
    details = [
        Detail(
            pointer=f"/items/{draft.index}{finding.pointer}",
            code=finding.code,
            detail=finding.en if english else finding.zh,
        )
        for finding in findings
        if finding.severity == "error"
    ]
    return ItemResult(
        index=draft.index, status=problem.status, problem=problem.model_copy(update={"errors": details})
    )


async def keep_nominations(
    session: AsyncSession,
    caller: Caller,
    sealer: Sealer,
    sound: Sequence[tuple[Draft, list[Finding]]],
    known: Mapping[Key, Person],
    now: datetime,
) -> list[Kept]:
    """Store what is new and credit what is there, of drafts that screening has let through."""
    if not sound:
        return []
    stated = {draft.key: draft.identity for draft, _ in sound}
    persons = await register_persons(session, sealer, stated, known, now)
    await hold_persons(session, persons.values())
    known = {key: person for key, person in known.items() if key in stated}
    await add_phones(session, sealer, stated, known)
    rows = [_row(caller, draft, persons[draft.key], findings, now) for draft, findings in sound]
    there = await _store(session, rows)
    kept: list[Kept] = []
    for (draft, _), row in zip(sound, rows, strict=True):
        found = there.get((row["class_id"], row["person_id"]))
        credited = found is not None and _add(found, row)
        kept.append(Kept(draft, persons[draft.key], row, found, credited))
    await record(session, *_states(kept, now))
    return kept


def _states(kept: Iterable[Kept], now: datetime) -> Iterator[Event]:
    """State what is new or changed; who may see it depends on its class and department, which many share."""
    audiences: dict[tuple[str, str], frozenset[str]] = {}
    for one in kept:
        planned = one.draft.planned
        if one.there is not None:
            if one.credited:
                yield nomination_state(one.there, planned, now)
            continue
        shared = planned.state.id, one.row["department_id"]
        audience = audiences.get(shared)
        if audience is None:
            audience = audiences[shared] = trainee_audience(planned, [one.row["department_id"]])
        yield state_of_row(one.row, now, audience)


async def _store(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> dict[tuple[str, str], Nomination]:
    """Insert who is new to the class, numbered as they came; lock and give those who were there."""
    class_ids = sorted({row["class_id"] for row in rows})
    for class_id in class_ids:
        # Both channels may bring the same people at the same instant.
        await Database.exclusive(session, f"nominations of {class_id}")
    there = await _lock(session, rows)
    highest = await session.execute(
        select(Nomination.class_id, func.max(Nomination.number))
        .where(Nomination.class_id.in_(class_ids))
        .group_by(Nomination.class_id)
    )
    numbers = dict(highest.all())
    new = [row for row in rows if (row["class_id"], row["person_id"]) not in there]
    for row in new:
        row["number"] = row["turn"] = numbers[row["class_id"]] = numbers.get(row["class_id"], 0) + 1
    await insert_rows(session, Nomination.__table__, new)
    return there


async def _lock(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, str], Nomination]:
    # Whoever is new has none; asked for persons alone, the database never reads through a whole class.
    named = await session.execute(
        select(Nomination.id, Nomination.class_id).where(
            Nomination.person_id.in_({row["person_id"] for row in rows})
        )
    )
    class_ids = {row["class_id"] for row in rows}
    ids = sorted(one for one, class_id in named if class_id in class_ids)
    if not ids:
        return {}
    found = await session.scalars(
        select(Nomination).where(Nomination.id.in_(ids)).order_by(Nomination.id).with_for_update()
    )
    return {(one.class_id, one.person_id): one for one in found}


def _add(nomination: Nomination, row: Mapping[str, Any]) -> bool:
    """Credit another channel, and take over a reason for a second enrolment; tell whether it changed."""
    credit = {channel: who for channel, who in row["credits"].items() if channel not in nomination.credits}
    reason = row["second_enrolment_reason"]
    if not credit and reason in {None, nomination.second_enrolment_reason}:
        return False
    nomination.credits = {**nomination.credits, **credit}
    nomination.second_enrolment_reason = reason or nomination.second_enrolment_reason
    nomination.version += 1
    return True


def _row(
    caller: Caller, draft: Draft, person_id: str, findings: list[Finding], now: datetime
) -> dict[str, Any]:
    item, enterprise = draft.item, draft.enterprise
    credit = {"organisation_id": caller.organisation_id, "principal": caller.principal, "at": now.isoformat()}
    return {
        "id": new_id(),
        "cycle_id": draft.cycle_id,
        "revision": draft.planned.cycle.state.revision,
        "class_id": item.class_id,
        "person_id": person_id,
        "enterprise_id": enterprise.id,
        "post": item.person.post,
        "target_group": item.target_group,
        "evidence": dict(item.evidence),
        "declarations": list(item.declarations),
        "credits": {draft.channel: credit},
        "findings": [finding.to_json() for finding in findings],
        "second_enrolment_reason": item.second_enrolment_reason,
        "department_id": enterprise.department_id,
        "industry_code": enterprise.industry_code,
        "industry_section": enterprise.industry_section,
        "size_class": enterprise.size_class,
        "tier": enterprise.tier_code,
        "status": "nominated",
        "compared": False,
        "version": 1,
        "nominated_at": now,
    }
