"""Progress from a few aggregate queries, however many people there are; only classes with heads are read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enrolments.models import Enrolment
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import find_classes, get_cycle, get_organisations
from services.enrollment.progress.counting import Tally, floor_conditions, gather, holds_head, tally
from services.enrollment.progress.domain import measure, share_of
from services.enrollment.progress.schemas import (
    FloorView,
    OrganisationProgress,
    ProgressView,
    TermProgress,
    TierProgress,
)
from services.enrollment.scope import scope_in_cycle
from shared.caller import Caller
from shared.events.policy import Floor, Term


async def get_progress(session: AsyncSession, caller: Caller, cycle_id: str) -> ProgressView:
    """Tell how far a cycle is: all to who reads it all, to others what is theirs."""
    cycle = await get_cycle(session, cycle_id)
    scope = await scope_in_cycle(session, caller, cycle_id)
    seen = (holds_head(cycle_id), scope.where(Enrolment))
    with_heads = await session.scalars(select(Enrolment.class_id).where(*seen).distinct())
    planned = await find_classes(session, set(with_heads))
    classes = {class_id: one.state for class_id, one in planned.items()}
    pack = cycle.pack
    counts = await floor_conditions(session, pack.floors, classes)
    placed = await tally(session, (Enrolment.class_id, Enrolment.department_id), counts, *seen)
    recorded = await tally(session, (Nomination.tier, Nomination.target_group), counts, *seen)
    known = [(classes[class_id], one) for (class_id, _), one in placed if class_id in classes]
    departments = gather(([home], one) for (_, home), one in placed)
    institutions = gather((state.institution_ids or [state.lead_id], one) for state, one in known)
    tiers = gather(([tier], one) for (tier, _), one in recorded)
    total = sum(departments.values(), Tally())
    return ProgressView(
        cycle_id=cycle_id,
        revision=cycle.state.revision,
        heads=total.persons,
        completed=total.completed,
        floors=[_floor_view(floor, total) for floor in pack.floors] if scope.everyone else [],
        by_department=await _by_organisation(session, departments),
        by_institution=await _by_organisation(session, institutions),
        by_class_kind=_by_term(pack.class_kinds, gather(([one.kind], found) for one, found in known), total),
        by_arrangement=_by_term(
            pack.arrangements, gather(([one.arrangement], found) for one, found in known), total
        ),
        by_tier=[TierProgress(**_shown(tier, tiers, total), priority=tier.priority) for tier in pack.tiers],
        by_target_group=_by_term(
            pack.target_groups, gather(([group], found) for (_, group), found in recorded), total
        ),
    )


def _floor_view(floor: Floor, total: Tally) -> FloorView:
    reach = measure(floor, counted=total.counted.get(floor.code, 0), persons=total.persons)
    return FloorView(
        code=floor.code,
        zh=floor.zh,
        en=floor.en,
        clause=list(floor.clause),
        min_persons=floor.min_persons,
        min_share=floor.min_share,
        **asdict(reach),
    )


def _by_term(terms: Sequence[Term], found: Mapping[Any, Tally], total: Tally) -> list[TermProgress]:
    """Tell of each entry of a vocabulary, in the order of the pack; a concept that it lacks has none."""
    return [TermProgress(**_shown(term, found, total)) for term in terms]


def _shown(term: Term, found: Mapping[Any, Tally], total: Tally) -> dict[str, Any]:
    one = found.get(term.code, Tally())
    share = share_of(one.persons, total.persons)
    return {"code": term.code, "zh": term.zh, "en": term.en, "share": share, **asdict(one)}


async def _by_organisation(session: AsyncSession, found: Mapping[str, Tally]) -> list[OrganisationProgress]:
    """Name the organisations, in the order of their codes and names."""
    known = await get_organisations(session, set(found))

    def place(one: str) -> tuple[str, str, str]:
        state = known.get(one)
        return ((state.code or ""), state.name_zh, one) if state else ("", "", one)

    return [
        OrganisationProgress(
            organisation_id=one,
            name_zh=known[one].name_zh if one in known else None,
            name_en=known[one].name_en if one in known else None,
            **asdict(found[one]),
        )
        for one in sorted(found, key=place)
    ]
