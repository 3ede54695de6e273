"""Importing online hours: many at once, each record counted once, whoever else sends it meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.learning.domain import EnrolmentClosed
from services.enrollment.learning.trainees import (
    Trainees,
    check_trainee,
    continued,
    get_taught_class,
    lock_trainees,
)
from services.enrollment.online.domain import (
    LearnerUnknown,
    Learnt,
    LearntOutsideClass,
    OnlineRecordDiffers,
    StatementMalformed,
    VerbNotCounted,
    check_time,
    read_statement,
)
from services.enrollment.online.models import OnlineRecord
from services.enrollment.online.schemas import ImportOnlineHours, ImportStatements, OnlineRecordView
from shared.bulk import ItemResult, Results, refused
from shared.caller import Caller
from shared.database import upsert
from shared.ids import new_id

_REFUSALS = (LearnerUnknown, EnrolmentClosed, LearntOutsideClass)
Key = tuple[str, str]
"""Source and id of a record: what makes it one record within its class."""


async def import_hours(
    session: AsyncSession, caller: Caller, asked: ImportOnlineHours, now: datetime
) -> Results[OnlineRecordView]:
    """Count what a learning platform says."""
    learnt = {
        index: Learnt(
            name=item.enrolment_id,
            source=asked.source,
            source_id=item.source_id,
            course=item.course,
            seconds=item.minutes * 60,
            at=item.at,
        )
        for index, item in enumerate(asked.items)
    }
    return await _count(session, caller, asked.class_id, learnt, {}, now)


async def import_statements(
    session: AsyncSession, caller: Caller, asked: ImportStatements, now: datetime
) -> Results[OnlineRecordView]:
    """Count the statements that say what was learnt; each other one is refused by itself."""
    learnt: dict[int, Learnt] = {}
    results: dict[int, ItemResult[OnlineRecordView]] = {}
    for index, statement in enumerate(asked.items):
        try:
            learnt[index] = read_statement(statement)
        except (StatementMalformed, VerbNotCounted) as refusal:
            results[index] = refused(index, refusal)
    return await _count(session, caller, asked.class_id, learnt, results, now)


async def _count(
    session: AsyncSession,
    caller: Caller,
    class_id: str,
    learnt: Mapping[int, Learnt],
    results: dict[int, ItemResult[OnlineRecordView]],
    now: datetime,
) -> Results[OnlineRecordView]:
    planned = await get_taught_class(session, caller, class_id)
    learnt = await _followed(session, class_id, learnt)
    trainees = await lock_trainees(session, class_id, {one.name for one in learnt.values()})
    rows: dict[int, dict[str, Any]] = {}
    for index, one in learnt.items():
        try:
            if one.name not in trainees:
                raise LearnerUnknown(class_id=class_id)
            check_time(one.at, planned.pack.cycle.zone, planned.state.starts_on, now)
            rows[index] = _row(one, class_id, trainees, now)
        except _REFUSALS as refusal:
            results[index] = refused(index, refusal)
    first: dict[Key, dict[str, Any]] = {}
    for row in rows.values():
        first.setdefault((row["source"], row["source_id"]), row)
    kept = await _keep(session, class_id, first)
    for index, row in rows.items():
        key = (row["source"], row["source_id"])
        found, new = kept[key]
        if any(getattr(found, name) != row[name] for name in ("enrolment_id", "course", "seconds", "at")):
            results[index] = refused(index, OnlineRecordDiffers())
            continue
        status = 201 if new and row is first[key] else 200
        results[index] = ItemResult(index=index, status=status, value=OnlineRecordView.model_validate(found))
    return Results(results=[results[index] for index in sorted(results)])


async def _followed(session: AsyncSession, class_id: str, learnt: Mapping[int, Learnt]) -> dict[int, Learnt]:
    """Let whoever was merged be reported under the former id as well: a learning platform knows no merges."""
    into = await continued(session, class_id, {one.name for one in learnt.values()})
    return {index: replace(one, name=into.get(one.name, one.name)) for index, one in learnt.items()}


def _row(one: Learnt, class_id: str, trainees: Trainees, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "class_id": class_id,
        "enrolment_id": check_trainee(one.name, class_id, trainees),
        "source": one.source,
        "source_id": one.source_id,
        "course": one.course,
        "seconds": one.seconds,
        "at": one.at,
        "recorded_at": now,
    }


async def _keep(
    session: AsyncSession, class_id: str, rows: Mapping[Key, Mapping[str, Any]]
) -> dict[Key, tuple[OnlineRecord, bool]]:
    """Write the records that are not there yet; tell for each key what stands, and whether it is new."""
    if not rows:
        return {}
    added = upsert(OnlineRecord).on_conflict_do_nothing().returning(OnlineRecord)
    in_order = [dict(rows[key]) for key in sorted(rows)]
    new = {(row.source, row.source_id): (row, True) for row in await session.scalars(added, in_order)}
    before = select(OnlineRecord).where(
        OnlineRecord.class_id == class_id,
        tuple_(OnlineRecord.source, OnlineRecord.source_id).in_(sorted(rows.keys() - new.keys())),
    )
    known = {(row.source, row.source_id): (row, False) for row in await session.scalars(before)}
    return new | known
