"""What the registry can state again for one consumer: everything that it owns and states."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.bases.models import TeachingBase
from services.registry.bases.states import base_state
from services.registry.classes.models import Class, ClassRevision
from services.registry.classes.revision_states import revision_state as class_revision_state
from services.registry.classes.states import class_state
from services.registry.cycles.domain import DRAFT
from services.registry.cycles.models import Cycle, PackRevision
from services.registry.cycles.states import cycle_state, revision_state
from services.registry.deadlines.models import Deadline
from services.registry.deadlines.queries import tell
from services.registry.deadlines.states import deadline_state
from services.registry.designations.models import Designation
from services.registry.designations.states import designation_state
from services.registry.discipline.models import DisciplineIncident
from services.registry.discipline.states import incident_state
from services.registry.ledgers.models import FundLedger
from services.registry.ledgers.queries import list_sums
from services.registry.ledgers.states import ledger_state
from services.registry.liaison.models import LiaisonForm, LiaisonFormVersion
from services.registry.liaison.states import form_state
from services.registry.news.models import News
from services.registry.news.states import news_state
from services.registry.organisations.links import links_of
from services.registry.organisations.models import Office, OfficeHolder, Organisation
from services.registry.organisations.states import office_state, organisation_state
from services.registry.planning.models import DepartmentPlan, SeatAllotment
from services.registry.planning.states import allotment_state, plan_state
from services.registry.suspensions.models import Suspension
from services.registry.suspensions.states import suspension_state
from shared.events.envelope import Event
from shared.events.means import DisciplineIncidentState, FundLedgerState, TeachingBaseState
from shared.events.registry import (
    ClassRevisionState,
    ClassState,
    CycleState,
    DeadlineState,
    DepartmentPlanState,
    DesignationState,
    LiaisonFormState,
    NewsState,
    OfficeState,
    OrganisationState,
    PackRevisionState,
    SeatAllotmentState,
    SuspensionState,
)
from shared.republish import CHUNK, Restated, next_rows


async def _cycles(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    cycles = await next_rows(session, Cycle, Cycle.id, after)
    present = tuple_(PackRevision.cycle_id, PackRevision.revision).in_(
        [(one.id, one.revision) for one in cycles]
    )
    kept = {row.cycle_id: row for row in await session.scalars(select(PackRevision).where(present))}
    return [cycle_state(one, kept[one.id], at) for one in cycles]


async def _revisions(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    """State what is or was in force; revisions go by two keys, which `after` joins."""
    keys = (PackRevision.cycle_id, PackRevision.revision)
    cycle_id, _, revision = after.rpartition(":")
    rows = (
        select(PackRevision)
        .join(Cycle, Cycle.id == PackRevision.cycle_id)
        .where(Cycle.status != DRAFT, tuple_(*keys) > tuple_(cycle_id, int(revision or 0)))
        .order_by(*keys)
        .limit(CHUNK)
    )
    return [revision_state(one, at) for one in await session.scalars(rows.with_for_update(read=True))]


async def _deadlines(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, Deadline, Deadline.id, after)
    told = await tell(session, rows)
    return [deadline_state(one, told[one.id], at) for one in rows]


async def _organisations(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, Organisation, Organisation.id, after)
    links = await links_of(session, [one.id for one in rows])
    return [organisation_state(one, at, links[one.id]) for one in rows]


async def _offices(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    offices = await next_rows(session, Office, Office.id, after)
    held = select(OfficeHolder).where(OfficeHolder.office_id.in_([one.id for one in offices]))
    holders: dict[str, list[OfficeHolder]] = defaultdict(list)
    for row in await session.scalars(held.order_by(OfficeHolder.id)):
        holders[row.office_id].append(row)
    return [office_state(one, at, holders[one.id]) for one in offices]


async def _forms(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    forms = await next_rows(session, LiaisonForm, LiaisonForm.id, after)
    newest = tuple_(LiaisonFormVersion.form_id, LiaisonFormVersion.number).in_(
        [(one.id, one.number) for one in forms]
    )
    judged = select(LiaisonFormVersion.form_id, LiaisonFormVersion.revision).where(newest)
    revisions = {row.form_id: row.revision for row in await session.execute(judged)}
    return [form_state(one, revisions[one.id], at) for one in forms]


async def _designations(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [
        designation_state(one, at) for one in await next_rows(session, Designation, Designation.id, after)
    ]


async def _suspensions(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [suspension_state(one, at) for one in await next_rows(session, Suspension, Suspension.id, after)]


async def _classes(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [class_state(one, at) for one in await next_rows(session, Class, Class.id, after)]


async def _plans(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [plan_state(one, at) for one in await next_rows(session, DepartmentPlan, DepartmentPlan.id, after)]


async def _allotments(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, SeatAllotment, SeatAllotment.id, after)
    return [allotment_state(one, at) for one in rows]


async def _class_revisions(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, ClassRevision, ClassRevision.id, after)
    return [class_revision_state(one, at) for one in rows]


async def _news(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [news_state(one, at) for one in await next_rows(session, News, News.id, after)]


async def _ledgers(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, FundLedger, FundLedger.id, after)
    sums = await list_sums(session, [one.id for one in rows])
    return [ledger_state(one, sums[one.id], at) for one in rows]


async def _incidents(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    rows = await next_rows(session, DisciplineIncident, DisciplineIncident.id, after)
    return [incident_state(one, at) for one in rows]


async def _bases(session: AsyncSession, after: str, at: datetime) -> Sequence[Event]:
    return [base_state(one, at) for one in await next_rows(session, TeachingBase, TeachingBase.id, after)]


RESTATED: Restated = {
    CycleState.RESOURCE: _cycles,
    PackRevisionState.RESOURCE: _revisions,
    DeadlineState.RESOURCE: _deadlines,
    OrganisationState.RESOURCE: _organisations,
    OfficeState.RESOURCE: _offices,
    LiaisonFormState.RESOURCE: _forms,
    DesignationState.RESOURCE: _designations,
    SuspensionState.RESOURCE: _suspensions,
    ClassState.RESOURCE: _classes,
    DepartmentPlanState.RESOURCE: _plans,
    SeatAllotmentState.RESOURCE: _allotments,
    ClassRevisionState.RESOURCE: _class_revisions,
    NewsState.RESOURCE: _news,
    FundLedgerState.RESOURCE: _ledgers,
    DisciplineIncidentState.RESOURCE: _incidents,
    TeachingBaseState.RESOURCE: _bases,
}
