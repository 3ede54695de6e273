"""What was approved of a class, version by version, and what is or was proposed to change it."""

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.documents import show_plan
from services.registry.classes.domain import ClassUnknown
from services.registry.classes.models import Class, ClassRevision, ClassRevisionReader, ClassVersion
from services.registry.classes.queries import PLAN_ACTS, READ_DRAFTS, shows_plan, visible
from services.registry.classes.revisions import ClassRevisionUnknown, RevisionStatus
from services.registry.classes.schemas import ClassFacts, ClassRevisionView, ClassVersionView, HeldFacts
from services.registry.cycles.queries import list_packs_told
from shared.caller import Caller
from shared.paging import AskedPage, Page, page


async def list_versions(
    session: AsyncSession, paging: AskedPage, class_id: str, caller: Caller
) -> Page[ClassVersionView]:
    """List the versions of a class that were approved, the first one first."""
    held = await session.scalar(select(Class).where(Class.id == class_id, await visible(session, caller)))
    if held is None:
        raise ClassUnknown(class_id)
    shown = await shows_plan(session, held, caller)

    def view(row: ClassVersion) -> ClassVersionView:
        return ClassVersionView(
            class_id=row.class_id,
            number=row.number,
            revision=row.revision,
            facts=ClassFacts.model_validate(row.facts),
            plan=show_plan(row.plan, row.approved_at) if row.plan and shown else None,
            reason=row.reason,
            approved_at=row.approved_at,
        )

    asked = select(ClassVersion).where(ClassVersion.class_id == class_id)
    return await page(session, asked, [ClassVersion.number], paging, view)


async def list_revisions(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    *,
    cycle_id: str | None,
    class_id: str | None,
    status: RevisionStatus | None,
) -> Page[ClassRevisionView]:
    asked = select(ClassRevision).where(await _sight(session, caller))
    for column, wanted in (
        (ClassRevision.cycle_id, cycle_id),
        (ClassRevision.class_id, class_id),
        (ClassRevision.status, status),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    return await page(session, asked, [ClassRevision.id], paging, view_revision)


async def get_revision(session: AsyncSession, revision_id: str, caller: Caller) -> ClassRevisionView:
    return view_revision(await find_revision(session, revision_id, caller))


async def find_revision(session: AsyncSession, revision_id: str, caller: Caller) -> ClassRevision:
    """Find a revision that the caller sees."""
    seen = await _sight(session, caller)
    found = await session.scalar(select(ClassRevision).where(ClassRevision.id == revision_id, seen))
    if found is None:
        raise ClassRevisionUnknown(revision_id)
    return found


def view_revision(row: ClassRevision) -> ClassRevisionView:
    facts = {name: value for name, value in row.facts.items() if name in HeldFacts.model_fields}
    return ClassRevisionView(
        id=row.id,
        class_id=row.class_id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        status=row.status,
        reason=row.reason,
        facts=HeldFacts.model_validate(facts),
        plan=None if row.plan is None else show_plan(row.plan, row.agreed_at),
        changes=row.changes,
        asks_agreement=row.asks_agreement,
        plan_agreed=row.agreed_at is not None,
        asks_coordination=row.asks_coordination,
        coordinated=row.coordinated_at is not None,
        organisation_id=row.organisation_id,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        number=row.number,
        version=row.version,
    )


async def _sight(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    """Say which revisions a caller sees: of classes in which it has a part, or over whose plans a say."""
    if caller.kind in READ_DRAFTS:
        return true()
    packs = await list_packs_told(session)
    held = [pack.cycle_id for pack in packs if any(caller.holds(act, pack) for act in PLAN_ACTS)]
    reads = ClassRevision.readers.any(ClassRevisionReader.organisation_id == caller.organisation_id)
    return or_(reads, ClassRevision.cycle_id.in_(held))
