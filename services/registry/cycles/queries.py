"""What cycles can tell: their packs to everybody, the pack in force to the commands of this service."""

from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.domain import (
    ACTIVE,
    DRAFT,
    ONLY_VERSION,
    CycleNotActive,
    CycleUnknown,
    RevisionUnknown,
    check_active,
)
from services.registry.cycles.models import Cycle, PackRevision
from services.registry.cycles.schemas import (
    PackRevisionView,
    PolicyPackView,
    WholePackRevisionView,
    WholePolicyPackView,
)
from shared.events.policy import PolicyPack, parse_pack
from shared.events.policy.rules import Wording
from shared.events.registry import revision_id
from shared.paging import AskedPage, Page, page

_KEPT = 64
_parsed: dict[str, PolicyPack] = {}
"""Packs by digest, so that an act costs no parsing and does not even load the document."""


_packs = select(Cycle.id, Cycle.status, PackRevision.revision, PackRevision.sha256).join(
    PackRevision, PackRevision.cycle_id == Cycle.id
)


@dataclass(frozen=True, slots=True)
class PackInForce:
    """The pack that judges what is done now; `revision` is stored with every decision."""

    pack: PolicyPack
    revision: int


async def get_pack(session: AsyncSession, cycle_id: str, revision: int | None = None) -> PackInForce:
    """Get the pack that judges an act in a cycle; refused unless the cycle is active.

    What was submitted under a revision is judged by that one; else the cycle's present one judges.
    """
    judging = PackRevision.revision == (Cycle.revision if revision is None else revision)
    found = (await session.execute(_packs.where(Cycle.id == cycle_id, judging))).one_or_none()
    if found is None:
        raise CycleUnknown(cycle_id)
    check_active(cycle_id, found.status)
    return PackInForce(await _parse(session, found.sha256), found.revision)


async def hold_cycle(session: AsyncSession, cycle_id: str) -> None:
    """Keep a cycle from being closed or revised until the transaction ends; others may hold it as well.

    Whoever begins what keeps a cycle open holds it before asking its pack.
    """
    held = select(Cycle.id).where(Cycle.id == cycle_id)
    await session.execute(held.with_for_update(read=True))


async def get_pack_told(session: AsyncSession, cycle_id: str) -> PackInForce:
    """Get the present pack of a cycle, to read what is or was done in it; refused of a draft."""
    found = await session.execute(_packs.where(Cycle.id == cycle_id, PackRevision.revision == Cycle.revision))
    row = found.one_or_none()
    if row is None:
        raise CycleUnknown(cycle_id)
    if row.status == DRAFT:
        raise CycleNotActive(cycle_id, row.status)
    return PackInForce(await _parse(session, row.sha256), row.revision)


async def list_packs_told(session: AsyncSession) -> list[PolicyPack]:
    """List the packs of all cycles that are or were in force, to read by; who acts asks those in force."""
    present = _packs.where(Cycle.status != DRAFT, PackRevision.revision == Cycle.revision)
    found = (await session.execute(present.order_by(Cycle.id))).all()
    return [await _parse(session, row.sha256) for row in found]


async def list_packs_in_force(session: AsyncSession) -> list[PolicyPack]:
    """List the packs of all active cycles; they are few."""
    present = _packs.where(Cycle.status == ACTIVE, PackRevision.revision == Cycle.revision)
    found = (await session.execute(present.order_by(Cycle.id))).all()
    return [await _parse(session, row.sha256) for row in found]


async def find_brand(session: AsyncSession, cycle_id: str) -> Wording | None:
    """Find the brand under which a cycle is shown to the public (C44); None of an unknown one or a draft."""
    present = _packs.where(
        Cycle.id == cycle_id, Cycle.status != DRAFT, PackRevision.revision == Cycle.revision
    )
    found = (await session.execute(present)).one_or_none()
    pack = None if found is None else await _parse(session, found.sha256)
    return None if pack is None or pack.certificate is None else pack.certificate.brand


async def find_follower(session: AsyncSession, cycle_id: str) -> str | None:
    """Find the cycle that follows this one, draft or in force: the one that its evaluation bars (Q14)."""
    return await session.scalar(select(Cycle.id).where(Cycle.follows == cycle_id))


async def get_kept_pack(session: AsyncSession, cycle_id: str, revision: int | None = None) -> PackInForce:
    """Get a pack to read it, whatever the state of its cycle; the present revision unless one is named."""
    asked = PackRevision.revision == (Cycle.revision if revision is None else revision)
    found = (await session.execute(_packs.where(Cycle.id == cycle_id, asked))).one_or_none()
    if found is not None:
        return PackInForce(await _parse(session, found.sha256), found.revision)
    if revision is not None and await session.get(Cycle, cycle_id) is not None:
        raise RevisionUnknown(cycle_id, revision)
    raise CycleUnknown(cycle_id)


async def get_policy_pack(session: AsyncSession, cycle_id: str) -> WholePolicyPackView:
    cycle = await session.get(Cycle, cycle_id)
    if cycle is None:
        raise CycleUnknown(cycle_id)
    kept = await session.get_one(PackRevision, (cycle_id, cycle.revision))
    return WholePolicyPackView(**_view(cycle).model_dump(), sha256=kept.sha256, document=kept.document)


async def list_policy_packs(session: AsyncSession, paging: AskedPage) -> Page[PolicyPackView]:
    return await page(session, select(Cycle), [Cycle.id], paging, _view)


async def get_revision(session: AsyncSession, cycle_id: str, revision: int) -> WholePackRevisionView:
    """Get a revision whole; a draft is none yet."""
    found = await session.scalar(_revisions(cycle_id).where(PackRevision.revision == revision))
    if found is not None:
        return WholePackRevisionView(**_revision_view(found).model_dump(), document=found.document)
    if await session.get(Cycle, cycle_id) is None:
        raise CycleUnknown(cycle_id)
    raise RevisionUnknown(cycle_id, revision)


async def list_revisions(session: AsyncSession, cycle_id: str, paging: AskedPage) -> Page[PackRevisionView]:
    """List the revisions of a cycle's pack, oldest first."""
    if await session.get(Cycle, cycle_id) is None:
        raise CycleUnknown(cycle_id)
    return await page(session, _revisions(cycle_id), [PackRevision.revision], paging, _revision_view)


def _revisions(cycle_id: str) -> Select[PackRevision]:
    in_force = (PackRevision.cycle_id == cycle_id, Cycle.status != DRAFT)
    return select(PackRevision).join(Cycle, Cycle.id == PackRevision.cycle_id).where(*in_force)


def _revision_view(kept: PackRevision) -> PackRevisionView:
    return PackRevisionView(
        id=revision_id(kept.cycle_id, kept.revision),
        cycle_id=kept.cycle_id,
        revision=kept.revision,
        sha256=kept.sha256,
        reason=kept.reason,
        loaded_at=kept.loaded_at,
        author=kept.loaded_by,
        version=ONLY_VERSION,
    )


async def _parse(session: AsyncSession, sha256: str) -> PolicyPack:
    if sha256 not in _parsed:
        kept = select(PackRevision.document).where(PackRevision.sha256 == sha256).limit(1)
        document = (await session.scalars(kept)).one()
        if len(_parsed) >= _KEPT:
            _parsed.clear()
        _parsed[sha256] = parse_pack(document)
    return _parsed[sha256]


def _view(cycle: Cycle) -> PolicyPackView:
    return PolicyPackView(
        cycle_id=cycle.id,
        label=cycle.label,
        follows=cycle.follows,
        status=cycle.status,
        revision=cycle.revision,
        version=cycle.version,
        loaded_at=cycle.loaded_at,
        activated_at=cycle.activated_at,
        closed_at=cycle.closed_at,
    )
