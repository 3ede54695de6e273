"""What can be asked of designations: designate an institution, follow its suspensions and evaluations."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack, hold_cycle
from services.registry.designations.domain import (
    DESIGNATED,
    HELD,
    SUSPENDED,
    check_class_kind,
    check_evidence,
    check_may_teach,
    taken,
)
from services.registry.designations.models import Designation, DesignationTurn
from services.registry.designations.queries import check_not_barred, find_evaluations, list_bars, view
from services.registry.designations.schemas import DesignateInstitution, DesignationView
from services.registry.designations.states import designation_state
from services.registry.organisations.queries import get_organisation
from services.registry.suspensions.states import hold
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.events.policy import ConceptAbsent, PolicyPack
from shared.events.policy.rules import DesignationRule
from shared.outbox import record


async def designate_institution(
    session: AsyncSession, asked: DesignateInstitution, *, caller: Caller, now: datetime
) -> DesignationView:
    """Designate an institution, with the evidence that the cycle asks for (C13)."""
    await hold(session)
    await hold_cycle(session, asked.cycle_id)
    judged = await get_pack(session, asked.cycle_id)
    pack = judged.pack
    caller.require("designate_institutions", pack)
    rule = rule_of(pack, asked.class_kinds)
    check_evidence("assessment_reference", asked.assessment_reference, asked=rule.assessment_reference)
    check_evidence("selection_reference", asked.selection_reference, asked=rule.selection_reference)
    institution = await get_organisation(session, asked.institution_id)
    check_may_teach(institution.id, institution.kind)
    await check_not_barred(session, asked.cycle_id, institution.id)

    designation = Designation(
        cycle_id=asked.cycle_id,
        revision=judged.revision,
        institution_id=asked.institution_id,
        class_kinds=list(dict.fromkeys(asked.class_kinds)),
        assessment_reference=asked.assessment_reference,
        selection_reference=asked.selection_reference,
        designated_at=now,
        designated_by=caller.principal,
    )
    await add_designation(session, designation)
    session.add(
        DesignationTurn(
            designation_id=designation.id,
            version=designation.version,
            status=DESIGNATED,
            reason="designated_directly",
            reference=asked.selection_reference,
            at=now,
            entered_by=caller.principal,
        )
    )
    await record(session, designation_state(designation, now))
    return await view(session, designation)


def rule_of(pack: PolicyPack, class_kinds: Collection[str]) -> DesignationRule:
    """Answer what the pack asks of designations, refusing kinds of class that take none."""
    if pack.designation is None:
        raise ConceptAbsent("designation", pack.cycle_id)
    for code in class_kinds:
        check_class_kind(code, takes_designation=pack.class_kind(code).designation)
    return pack.designation


async def add_designation(session: AsyncSession, designation: Designation) -> None:
    """Keep a designation or an application, the only one of its institution in the cycle."""
    if await insert_new(session, designation):
        return
    twin = select(Designation).where(
        Designation.cycle_id == designation.cycle_id,
        Designation.institution_id == designation.institution_id,
    )
    there = (await session.scalars(twin)).one()
    raise taken(there.institution_id, there.id, there.status)


async def follow_suspensions(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str], now: datetime
) -> None:
    """Turn the designations of these institutions as the suspensions of the cycle say, either way (Q14)."""
    rows = await _lock(session, cycle_id, institution_ids)
    bars = await list_bars(session, cycle_id, [row.institution_id for row in rows])
    turned = [row for row in rows if (row.institution_id in bars) != (row.status == SUSPENDED)]
    for row in turned:
        bar = bars.get(row.institution_id)
        row.status = DESIGNATED if bar is None else SUSPENDED
        session.add(
            DesignationTurn(
                designation_id=row.id,
                version=row.version + 1,
                status=row.status,
                reason="suspension_lifted" if bar is None else "suspended_by_evaluation",
                reference=None if bar is None else bar.cause,
                at=now,
            )
        )
    await _restate(session, turned, now)


async def note_evaluations(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str], now: datetime
) -> None:
    """Show on the designations of these institutions which evaluation judged them, without a score."""
    rows = await _lock(session, cycle_id, institution_ids)
    newest = await find_evaluations(session, cycle_id, [row.institution_id for row in rows])
    judged = [row for row in rows if row.evaluation_id != newest.get(row.institution_id)]
    for row in judged:
        row.evaluation_id = newest.get(row.institution_id)
    await _restate(session, judged, now)


async def _lock(
    session: AsyncSession, cycle_id: str, institution_ids: Collection[str]
) -> Sequence[Designation]:
    """Lock the designations of these institutions; an application is bound by nothing yet."""
    asked = (
        select(Designation)
        .where(Designation.cycle_id == cycle_id, Designation.institution_id.in_(institution_ids))
        .where(Designation.status.in_(HELD))
        .order_by(Designation.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(asked)).all()


async def _restate(session: AsyncSession, rows: Sequence[Designation], now: datetime) -> None:
    for row in rows:
        row.version += 1
    await session.flush()
    await record(session, *(designation_state(row, now) for row in rows))
