"""What was approved of a class, version by version, and what is or was proposed to change it."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.documents import show_plan
from services.registry.classes.domain import ClassUnknown
from services.registry.classes.models import Class, ClassRevision, ClassRevisionReader, ClassVersion
from services.registry.classes.queries import (
    NAMING_ACTS,
    PLAN_ACTS,
    READ_DRAFTS,
    shows_names,
    shows_plan,
    visible,
)
from services.registry.classes.revisions import ClassRevisionUnknown, RevisionStatus
from services.registry.classes.schemas import ClassFacts, ClassRevisionView, ClassVersionView, HeldFacts
from services.registry.cycles.queries import list_packs_told
from shared.caller import Caller
from shared.paging import AskedPage, Page, page
from shared.sealed import Sealer


async def list_versions(
    session: AsyncSession, paging: AskedPage, class_id: str, caller: Caller, sealer: Sealer
) -> Page[ClassVersionView]:
    """List the versions of a class that were approved, the first one first."""
    held = await session.scalar(select(Class).where(Class.id == class_id, await visible(session, caller)))
    if held is None:
        raise ClassUnknown(class_id)
    shown = await shows_plan(session, held, caller)
    names = sealer if await shows_names(session, held, caller) else None

    def view(row: ClassVersion) -> ClassVersionView:
        return ClassVersionView(
            class_id=row.class_id,
            number=row.number,
            revision=row.revision,
            facts=ClassFacts.model_validate(row.facts),
            plan=show_plan(row.plan, row.approved_at, names) if row.plan and shown else None,
            reason=row.reason,
            approved_at=row.approved_at,
        )

    asked = select(ClassVersion).where(ClassVersion.class_id == class_id)
    return await page(session, asked, [ClassVersion.number], paging, view)


async def list_revisions(
    session: AsyncSession,
    paging: AskedPage,
    caller: Caller,
    sealer: Sealer,
    *,
    cycle_id: str | None,
    class_id: str | None,
    status: RevisionStatus | None,
) -> Page[ClassRevisionView]:
    sight = await Sight.of(session, caller, sealer)
    asked = select(ClassRevision).where(sight.seen)
    for column, wanted in (
        (ClassRevision.cycle_id, cycle_id),
        (ClassRevision.class_id, class_id),
        (ClassRevision.status, status),
    ):
        if wanted is not None:
            asked = asked.where(column == wanted)
    return await page(session, asked, [ClassRevision.id], paging, sight.show)


async def get_revision(
    session: AsyncSession, revision_id: str, caller: Caller, sealer: Sealer
) -> ClassRevisionView:
    sight = await Sight.of(session, caller, sealer)
    return sight.show(await sight.find(session, revision_id))


class Sight:
    """Shows revisions as one caller may see them: with a part in the class, or a say over its plan."""

    def __init__(
        self, caller: Caller, held: frozenset[str], named: frozenset[str], sealer: Sealer | None
    ) -> None:
        self._caller = caller
        self._held = held
        self._named = named
        self._sealer = sealer

    @classmethod
    async def of(cls, session: AsyncSession, caller: Caller, sealer: Sealer | None = None) -> "Sight":
        """Ask the packs in force; without a sealer no names are shown."""
        packs = await list_packs_told(session)

        def holding(acts: Iterable[str]) -> frozenset[str]:
            return frozenset(pack.cycle_id for pack in packs if any(caller.holds(act, pack) for act in acts))

        return cls(caller, holding(PLAN_ACTS), holding(NAMING_ACTS), sealer)

    @property
    def seen(self) -> ColumnElement[bool]:
        if self._caller.kind in READ_DRAFTS:
            return true()
        reads = ClassRevision.readers.any(ClassRevisionReader.organisation_id == self._caller.organisation_id)
        return or_(reads, ClassRevision.cycle_id.in_(self._held))

    async def find(self, session: AsyncSession, revision_id: str) -> ClassRevision:
        """Find a revision that the caller sees."""
        asked = select(ClassRevision).where(ClassRevision.id == revision_id, self.seen)
        found = await session.scalar(asked)
        if found is None:
            raise ClassRevisionUnknown(revision_id)
        return found

    def show(self, row: ClassRevision) -> ClassRevisionView:
        own = self._caller.organisation_id in {one.organisation_id for one in row.readers}
        names = own or self._caller.kind == "bureau" or row.cycle_id in self._named
        return view_revision(row, self._sealer if names else None)


def view_revision(row: ClassRevision, sealer: Sealer | None = None) -> ClassRevisionView:
    """Show a revision; without a sealer the names of lecturers are masked."""
    facts = {name: value for name, value in row.facts.items() if name in HeldFacts.model_fields}
    return ClassRevisionView(
        id=row.id,
        class_id=row.class_id,
        cycle_id=row.cycle_id,
        revision=row.revision,
        status=row.status,
        reason=row.reason,
        facts=HeldFacts.model_validate(facts),
        plan=None if row.plan is None else show_plan(row.plan, row.agreed_at, sealer),
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
