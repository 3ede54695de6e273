"""What a dry run can tell: faults, or what a pack changes and what is there that would not fit it.

Each kind of thing is read in one statement, however much of it there is; nothing is written.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import CANCELLED
from services.registry.classes.models import Class
from services.registry.cycles.diffing import DifferenceView
from services.registry.cycles.models import Cycle
from services.registry.cycles.queries import get_kept_pack
from services.registry.designations.domain import DECLINED
from services.registry.designations.models import Designation
from services.registry.dryruns.domain import (
    WORDS,
    HeldClass,
    Misfit,
    judge_acts,
    judge_classes,
    judge_deadlines,
    judge_designations,
    judge_forms,
    judge_holders,
)
from services.registry.dryruns.schemas import DryRunView, FaultView, ImpactView
from services.registry.liaison.models import LiaisonForm, LiaisonFormVersion
from services.registry.liaison.queries import SEALED_COLUMN
from services.registry.organisations.models import Office, Organisation
from shared.events.policy import PackInvalid, PolicyPack, diff
from shared.sealed import Sealer

SHOWN = 20


def refused(invalid: PackInvalid) -> DryRunView:
    """Tell the faults of what is no pack."""
    return DryRunView(valid=False, faults=[FaultView.of(fault) for fault in invalid.faults])


async def try_pack(session: AsyncSession, pack: PolicyPack, *, sealer: Sealer, now: datetime) -> DryRunView:
    """Tell what a pack changes against the one that its cycle has, and what would not fit it."""
    cycle = await session.get(Cycle, pack.cycle_id)
    kept = None if cycle is None else await get_kept_pack(session, pack.cycle_id)
    old = None if kept is None else kept.pack
    misfits = chain(
        judge_classes(pack, await _classes(session, pack.cycle_id)),
        judge_designations(pack, await _designations(session, pack.cycle_id)),
        judge_forms(pack.liaison_form, await _answered(session, pack, sealer)),
        judge_acts(old, pack),
        await _unregistered(session, pack),
        judge_deadlines(pack, now),
    )
    return DryRunView(
        valid=True,
        faults=[],
        cycle_id=pack.cycle_id,
        sha256=pack.sha256,
        status=None if cycle is None else cycle.status,
        revision=None if kept is None else kept.revision,
        differences=[] if old is None else [DifferenceView.of(one) for one in diff(old, pack)],
        impacts=_impacts(misfits),
    )


def _impacts(misfits: Iterable[Misfit]) -> list[ImpactView]:
    found: dict[str, list[str]] = defaultdict(list)
    for code, misfit_id in misfits:
        found[code].append(misfit_id)
    return [
        ImpactView(code=code, zh=zh, en=en, count=len(found[code]), ids=found[code][:SHOWN])
        for code, (zh, en) in WORDS.items()
        if code in found
    ]


async def _classes(session: AsyncSession, cycle_id: str) -> Iterator[HeldClass]:
    columns = (Class.id, Class.kind, Class.arrangement, Class.special_topic, Class.starts_on, Class.ends_on)
    held = select(*columns).where(Class.cycle_id == cycle_id, Class.status != CANCELLED).order_by(Class.id)
    return (
        HeldClass(
            id=row.id,
            kind=row.kind,
            arrangement=row.arrangement,
            special_topic=row.special_topic,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in await session.execute(held)
    )


async def _designations(session: AsyncSession, cycle_id: str) -> Iterator[tuple[str, list[str]]]:
    held = select(Designation.id, Designation.class_kinds).where(
        Designation.cycle_id == cycle_id, Designation.status != DECLINED
    )
    return ((row.id, row.class_kinds) for row in await session.execute(held.order_by(Designation.id)))


async def _answered(
    session: AsyncSession, pack: PolicyPack, sealer: Sealer
) -> Iterator[tuple[str, frozenset[str]]]:
    """Name the fields that each department's latest form answers, the sealed ones among them."""
    latest = (
        select(LiaisonForm.id, LiaisonFormVersion.fields, LiaisonFormVersion.sealed)
        .join(
            LiaisonFormVersion,
            (LiaisonFormVersion.form_id == LiaisonForm.id)
            & (LiaisonFormVersion.number == LiaisonForm.number),
        )
        .where(LiaisonForm.cycle_id == pack.cycle_id)
        .order_by(LiaisonForm.id)
    )
    rows = (await session.execute(latest)).all()
    return (
        (row.id, _given({**row.fields, **json.loads(sealer.open(row.sealed, SEALED_COLUMN))})) for row in rows
    )


def _given(fields: dict[str, str]) -> frozenset[str]:
    return frozenset(name for name, answer in fields.items() if answer.strip())


async def _unregistered(session: AsyncSession, pack: PolicyPack) -> Iterator[Misfit]:
    kinds = set(await session.scalars(select(Organisation.kind).distinct()))
    offices = set(await session.scalars(select(Office.code)))
    named = {one.organisation for duty in pack.responsibilities for one in duty.holders if one.organisation}
    ids = set(await session.scalars(select(Organisation.id).where(Organisation.id.in_(named))))
    return judge_holders(pack, kinds, offices, ids)
