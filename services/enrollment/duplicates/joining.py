"""Two enrolments of one person in one class: what was learnt under both is joined, and nothing counts twice.

A session that was attended under both ids, a course that was examined under both: the better of the two
counts. An online record counts once for its course and instant. Of two final reports the one that is further
counts. What was written is kept, so that a parting writes it back, unless something else was said since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from services.enrollment.assessments.models import CourseScore, FinalReport
from services.enrollment.learning.models import Attendance
from services.enrollment.online.models import OnlineRecord
from shared.database import upsert

Document = dict[str, Any]

_FURTHER = ("returned", "submitted", "accepted")


@dataclass(frozen=True, slots=True)
class _Measured:
    """A table with one value of an enrolment under each key."""

    table: type[Attendance] | type[CourseScore]
    key: str
    value: str


_MEASURED = {
    "attendance": _Measured(Attendance, "session_id", "minutes"),
    "scores": _Measured(CourseScore, "course", "score"),
}


async def join_learning(session: AsyncSession, kept_id: str, ended_id: str) -> Document:
    """Join what was learnt under two enrolments to the one that goes on; tell what to write back."""
    measured = {
        name: await _join_measured(session, what, kept_id, ended_id) for name, what in _MEASURED.items()
    }
    return {
        "kept": kept_id,
        "ended": ended_id,
        **measured,
        "online": await _join_online(session, kept_id, ended_id),
        "reports": await _join_reports(session, kept_id, ended_id),
    }


async def part_learning(session: AsyncSession, joined: Mapping[str, Any]) -> None:
    """Give each of two enrolments back what was learnt under it."""
    kept_id, ended_id = joined["kept"], joined["ended"]
    for name, what in _MEASURED.items():
        await _part_measured(session, what, kept_id, joined[name])
    for one in joined["online"]:
        goes_back = update(OnlineRecord).where(
            OnlineRecord.id == one["id"], OnlineRecord.enrolment_id == one["to"]
        )
        other = ended_id if one["to"] == kept_id else kept_id
        await session.execute(_quietly(goes_back.values(enrolment_id=other)))
    await _hand_over_reports(session, {one["id"]: one["from"] for one in joined["reports"]})


def sessions_of(joined: Mapping[str, Any]) -> set[str]:
    """Name the sessions that were attended under the enrolment that ended."""
    return {one["row"]["session_id"] for one in joined["attendance"]}


async def _join_measured(
    session: AsyncSession, what: _Measured, kept_id: str, ended_id: str
) -> list[Document]:
    rows = await _read(session, what.table, what.table.enrolment_id.in_((kept_id, ended_id)))
    mine = {row[what.key]: row for row in rows if row["enrolment_id"] == kept_id}
    theirs = {row[what.key]: row for row in rows if row["enrolment_id"] == ended_id}
    taken = {key for key, row in theirs.items() if key not in mine or row[what.value] > mine[key][what.value]}
    await session.execute(delete(what.table).where(what.table.enrolment_id == ended_id))
    await _write(session, what, [{**theirs[key], "enrolment_id": kept_id} for key in sorted(taken)])
    return [
        {
            "row": _document(theirs[key]),
            "taken": key in taken,
            "before": _document(mine[key]) if key in taken and key in mine else None,
        }
        for key in sorted(theirs)
    ]


async def _part_measured(
    session: AsyncSession, what: _Measured, kept_id: str, joined: list[Mapping[str, Any]]
) -> None:
    now = {row[what.key]: row for row in await _read(session, what.table, what.table.enrolment_id == kept_id)}
    theirs = [_row(one["row"]) for one in joined]
    restored: list[Document] = []
    emptied: list[str] = []
    for one, row in zip(joined, theirs, strict=True):
        key = row[what.key]
        if not one["taken"] or now.get(key) != {**row, "enrolment_id": kept_id}:
            continue
        if one["before"] is None:
            emptied.append(key)
        else:
            restored.append(_row(one["before"]))
    if emptied:
        key_column: InstrumentedAttribute[str] = getattr(what.table, what.key)
        gone = delete(what.table).where(what.table.enrolment_id == kept_id, key_column.in_(emptied))
        await session.execute(gone)
    await _write(session, what, [*restored, *theirs])


async def _write(session: AsyncSession, what: _Measured, rows: list[Document]) -> None:
    if not rows:
        return
    said = upsert(what.table)
    keys = ["enrolment_id", what.key]
    changed = {name: said.excluded[name] for name in rows[0] if name not in keys}
    await session.execute(said.on_conflict_do_update(index_elements=keys, set_=changed), rows)


async def _join_online(session: AsyncSession, kept_id: str, ended_id: str) -> list[Document]:
    """Let the records go over; of two of one course at one instant the longer one counts alone."""
    found = select(OnlineRecord).where(OnlineRecord.enrolment_id.in_((kept_id, ended_id)))
    rows = (await session.scalars(found.order_by(OnlineRecord.id))).all()
    mine = {(one.course, one.at): one for one in rows if one.enrolment_id == kept_id}
    moved: list[Document] = []
    for one in [row for row in rows if row.enrolment_id == ended_id]:
        other = mine.pop((one.course, one.at), None)
        if other is not None and other.seconds >= one.seconds:
            continue
        if other is not None:
            other.enrolment_id = ended_id
            moved.append({"id": other.id, "to": ended_id})
        one.enrolment_id = kept_id
        moved.append({"id": one.id, "to": kept_id})
    await session.flush()
    return moved


async def _join_reports(session: AsyncSession, kept_id: str, ended_id: str) -> list[Document]:
    rows = await session.execute(
        select(FinalReport.id, FinalReport.enrolment_id, FinalReport.status).where(
            FinalReport.enrolment_id.in_((kept_id, ended_id))
        )
    )
    of = {row.enrolment_id: row for row in rows}
    if ended_id not in of:
        return []
    goes, stays = of[ended_id], of.get(kept_id)
    if stays is not None and _FURTHER.index(goes.status) <= _FURTHER.index(stays.status):
        return []
    moves = {goes.id: kept_id, **({} if stays is None else {stays.id: ended_id})}
    await _hand_over_reports(session, moves)
    return [{"id": one, "from": ended_id if to == kept_id else kept_id} for one, to in moves.items()]


async def _hand_over_reports(session: AsyncSession, to: Mapping[str, str]) -> None:
    """Let reports be of other enrolments; two that change places are taken out for a moment."""
    named = FinalReport.id.in_(to)
    rows = await _read(session, FinalReport, named)
    await session.execute(_quietly(delete(FinalReport).where(named)))
    if rows:
        await session.execute(insert(FinalReport), [{**row, "enrolment_id": to[row["id"]]} for row in rows])


async def _read(session: AsyncSession, table: type[Any], which: ColumnElement[bool]) -> list[Document]:
    found = await session.execute(select(*table.__table__.c).where(which))
    return [{str(name): value for name, value in row.items()} for row in found.mappings()]


def _document(row: Mapping[str, Any]) -> Document:
    return {**row, "recorded_at": row["recorded_at"].isoformat()}


def _row(document: Mapping[str, Any]) -> Document:
    return {**document, "recorded_at": datetime.fromisoformat(document["recorded_at"])}


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
