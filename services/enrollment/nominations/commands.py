"""Nominating: a whole request is screened and stored set by set, never item by item.

An item with an error finding is refused and nothing of it is kept; warnings and remarks are kept
with the nomination.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.queries import find_heads
from services.enrollment.findings import Finding, has_error
from services.enrollment.nominations.domain import NominatedTwiceHere, NominationRefused
from services.enrollment.nominations.drafts import Draft, Drafter, Sources, asked_keys, read_sources
from services.enrollment.nominations.entries import make_entry
from services.enrollment.nominations.keeping import keep_nominations
from services.enrollment.nominations.queries import view
from services.enrollment.nominations.schemas import Nominate, NominationView, ScreeningView
from services.enrollment.persons.models import Key
from services.enrollment.persons.queries import OnRecord, find_persons, get_persons
from shared.bulk import ItemResult, Results, refuse, refused
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.problems import Detail, Problem, fault_of, item_problem, present_language
from shared.sealed import Sealer

Refusals = dict[int, ItemResult[NominationView]]


@dataclass(frozen=True, slots=True)
class _Screened:
    """What screening says of a request: the drafts that it lets through, and the refusals by index."""

    sound: list[tuple[Draft, list[Finding]]]
    refusals: Refusals
    known: Mapping[Key, OnRecord]


async def nominate(
    session: AsyncSession, caller: Caller, sealer: Sealer, items: Sequence[Nominate], now: datetime
) -> Results[NominationView]:
    """Put persons forward for classes; each item gets a result of its own."""
    screened = await _screen(session, caller, sealer, items, now, held=True)
    known = screened.known
    entries = [
        make_entry(sealer, draft, findings, known.get(draft.key), now) for draft, findings in screened.sound
    ]
    classes = {draft.item.class_id: draft.planned for draft, _ in screened.sound}
    ids = {draft.key: known[draft.key].id for draft, _ in screened.sound if draft.key in known}
    kept = await keep_nominations(session, entries, classes, ids, now)
    persons = await get_persons(session, {one.row["person_id"] for one in kept})
    stored = {
        one.entry.index: ItemResult(
            index=one.entry.index,
            status=201 if one.made else 200,
            value=view(sealer, one.nomination, persons[one.row["person_id"]]),
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
        "department_id": draft.employer.department_id,
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
    known = await find_persons(session, asked_keys(drafts))
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
    drafter = Drafter(sources=sources, caller=caller, sealer=sealer, now=now)
    drafts: dict[tuple[str, Key], Draft] = {}
    for index, item in enumerate(items):
        try:
            draft = drafter.draft(index, item)
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


def _one_per_person(
    drafts: Sequence[Draft], known: Mapping[Key, OnRecord], refusals: Refusals
) -> list[Draft]:
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
