"""Classes of barred institutions: what is not running yet is returned, running ones finish (Q9, Q14)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import APPROVED, DRAFT, FILED, INSTITUTION, RETURNED, next_status
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.classes.revision_states import lapse_pending
from services.registry.classes.states import begin_anew, restate
from services.registry.cycles.queries import get_pack
from services.registry.organisations.models import Organisation
from services.registry.organisations.queries import get_organisations
from services.registry.suspensions.models import Suspension
from shared.events.policy import Arrangement


async def lock_unstarted(session: AsyncSession, cycle_id: str, institution_ids: Collection[str]) -> None:
    """Lock the classes of these institutions that are not running yet.

    It comes before their designations are locked: who files or approves a class locks in that order.
    """
    unstarted = (DRAFT, RETURNED, FILED, APPROVED)
    asked = _of(cycle_id, institution_ids, unstarted).with_only_columns(Class.id)
    (await session.execute(asked.with_for_update())).all()


async def return_barred(
    session: AsyncSession, cycle_id: str, bars: Mapping[str, Suspension], now: datetime
) -> None:
    """Return the filed and approved classes that rest on the designation of a barred institution.

    `bars` names the institutions, each with the suspension that bars it. Their designations are
    locked by now, so no more classes are filed or approved on them. A class for which the pack asks no
    designation of them stands.
    """
    asked = _of(cycle_id, bars, (FILED, APPROVED)).with_for_update()
    rows = (await session.scalars(asked.execution_options(populate_existing=True))).all()
    rules = await _rules(session, rows)
    barred = await get_organisations(session, bars) if rows else {}
    for row in rows:
        for institution in _resting_on(row, rules[row.id], barred):
            row.status = next_status(row.id, row.status, "suspension")
            row.reason = _why(institution, bars[institution.id])
            begin_anew(row)
            await lapse_pending(session, row, now)
            await restate(session, row, now)
            break


def _of(cycle_id: str, institution_ids: Iterable[str], statuses: Iterable[str]) -> Select[Class]:
    """Select the classes that one of these institutions leads or teaches, in the order of their ids."""
    teaches = and_(
        ClassOrganiser.role == INSTITUTION, ClassOrganiser.organisation_id.in_(list(institution_ids))
    )
    carried = or_(Class.lead_id.in_(list(institution_ids)), Class.organisers.any(teaches))
    here = select(Class).where(Class.cycle_id == cycle_id, Class.status.in_(list(statuses)), carried)
    return here.order_by(Class.id)


async def _rules(session: AsyncSession, rows: Sequence[Class]) -> dict[str, Arrangement]:
    """Get the rule by which each class was arranged, of the revision that judges it."""
    packs = {
        (row.cycle_id, row.revision): await get_pack(session, row.cycle_id, row.revision)
        for row in {(row.cycle_id, row.revision): row for row in rows}.values()
    }
    return {
        row.id: packs[row.cycle_id, row.revision].pack.arrangement(row.kind, row.arrangement) for row in rows
    }


def _resting_on(row: Class, rule: Arrangement, barred: Mapping[str, Organisation]) -> list[Organisation]:
    """List the barred institutions of which the class needs a designation, its lead first."""
    carriers = dict.fromkeys([row.lead_id, *row.institution_ids])
    here = [barred[one] for one in carriers if one in barred]
    return [institution for institution in here if rule.asks_designation_of(institution.kind)]


def _why(institution: Organisation, bar: Suspension) -> str:
    if bar.document is not None:
        return (
            f"“{institution.name_zh}”因文件“{bar.document}”暂停本周期培训任务。"
            f"{institution.name_en} is suspended from this cycle by the document {bar.document}."
        )
    return (
        f"“{institution.name_zh}”因考核评估 {bar.evaluation_id} 暂停本周期培训任务。"
        f"{institution.name_en} is suspended from this cycle by the evaluation {bar.evaluation_id}."
    )
