"""Stating enterprises: many at once, one row per credit code, whoever else states it meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.domain import (
    EnterpriseOfAnotherDepartment,
    IndustryUnknown,
    TierEndsBeforeRecognition,
    UsccRefused,
    UsccRepeated,
    standing_after,
)
from services.enrollment.enterprises.models import (
    OPEN_PROPOSAL,
    Enterprise,
    EnterpriseProposal,
    EnterpriseVersion,
)
from services.enrollment.enterprises.queries import enterprise_view
from services.enrollment.enterprises.schemas import EnterpriseView, ProposeEnterprise
from services.enrollment.enterprises.statements import Stated, check_statement
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.plan import get_organisations
from shared.bulk import ItemResult, Results, refuse, refused
from shared.caller import Caller
from shared.copywatch import RestsOnCopy
from shared.database import upsert
from shared.ids import new_id
from shared.inserting import insert_rows
from shared.outbox import record

_REFUSALS = (RestsOnCopy, UsccRefused, UsccRepeated, IndustryUnknown, TierEndsBeforeRecognition)


async def state_enterprises(
    session: AsyncSession, caller: Caller, items: Sequence[ProposeEnterprise], at: datetime
) -> Results[EnterpriseView]:
    """Take what an organisation says of enterprises; each record is its home department's own.

    What another body than a department says otherwise of a record is put before the home department.
    """
    organisation_id = str(caller.organisation_id)
    known = await get_organisations(session, {item.department_id for item in items})
    results: dict[int, ItemResult[EnterpriseView]] = {}
    stated: dict[str, Stated] = {}
    places: dict[str, int] = {}
    for index, item in enumerate(items):
        try:
            one = check_statement(item, known)
            if one.uscc in places:
                raise UsccRepeated(first=places[one.uscc])
        except _REFUSALS as refusal:
            results[index] = refuse(session, index, refusal)
        else:
            stated[one.uscc] = one
            places[one.uscc] = index
    rows, new, changed = await _store(session, stated, organisation_id, at)
    told = [row for row in rows.values() if row.uscc in new | changed]
    await keep_versions(session, told, organisation_id, at)
    await record(session, *await enterprise_states(session, told, at, {organisation_id: caller.kind}))
    proposed = {
        uscc
        for uscc, one in stated.items()
        if uscc not in new | changed and caller.kind != "department" and differs(rows[uscc], one)
    }
    await propose_changes(session, caller, {rows[one].id: items[places[one]] for one in proposed}, at)
    for uscc, index in places.items():
        untouched = uscc not in new | changed
        if untouched and caller.kind == "department" and rows[uscc].department_id != organisation_id:
            results[index] = refused(index, EnterpriseOfAnotherDepartment())
            continue
        status = 201 if uscc in new else 202 if uscc in proposed else 200
        results[index] = ItemResult(index=index, status=status, value=enterprise_view(rows[uscc]))
    return Results(results=[results[index] for index in sorted(results)])


async def _store(
    session: AsyncSession, stated: Mapping[str, Stated], organisation_id: str, at: datetime
) -> tuple[dict[str, Enterprise], set[str], set[str]]:
    """Insert what is new and change what is the organisation's own; tell which is which."""
    rows = await _lock(session, set(stated))
    inserted = await insert_enterprises(
        session, [stated[uscc] for uscc in sorted(stated.keys() - rows)], organisation_id, at
    )
    rows |= inserted
    # Somebody else may have inserted the same code since we looked: their row is then the one.
    rows |= await _lock(session, stated.keys() - rows.keys())
    changed = {
        uscc
        for uscc, one in stated.items()
        if uscc not in inserted and restate(rows[uscc], one, organisation_id, at)
    }
    return rows, set(inserted), changed


def differs(row: Enterprise, one: Stated) -> bool:
    """Tell whether a statement says something else than the record."""
    return any(getattr(row, name) != value for name, value in one.columns().items())


async def keep_versions(
    session: AsyncSession, rows: Sequence[Enterprise], organisation_id: str, at: datetime
) -> None:
    """Keep the records as they are now, under their versions."""
    kept = [
        {
            "enterprise_id": row.id,
            "version": row.version,
            "record": enterprise_view(row).model_dump(mode="json"),
            "stated_by": organisation_id,
            "stated_at": at,
        }
        for row in rows
    ]
    await insert_rows(session, EnterpriseVersion.__table__, kept)


async def propose_changes(
    session: AsyncSession, caller: Caller, statements: Mapping[str, ProposeEnterprise], at: datetime
) -> None:
    """Queue what another body says of enterprises (by id), in place of what of its own is still open."""
    rows = [
        {
            "id": new_id(),
            "enterprise_id": enterprise_id,
            "proposed_by": caller.organisation_id,
            "principal": caller.principal,
            "statement": statements[enterprise_id].model_dump(mode="json"),
            "status": "open",
            "proposed_at": at,
        }
        for enterprise_id in sorted(statements)
    ]
    if rows:
        added = upsert(EnterpriseProposal)
        anew = {name: added.excluded[name] for name in ("principal", "statement", "proposed_at")}
        key = ["enterprise_id", "proposed_by"]
        await session.execute(
            added.on_conflict_do_update(index_elements=key, index_where=OPEN_PROPOSAL, set_=anew), rows
        )


async def _lock(session: AsyncSession, codes: set[str]) -> dict[str, Enterprise]:
    if not codes:
        return {}
    rows = select(Enterprise).where(Enterprise.uscc.in_(sorted(codes))).order_by(Enterprise.uscc)
    return {row.uscc: row for row in await session.scalars(rows.with_for_update())}


async def insert_enterprises(
    session: AsyncSession, stated: Sequence[Stated], organisation_id: str, at: datetime
) -> dict[str, Enterprise]:
    """Insert those whose code is on no record; give back the ones that were inserted, by code."""
    if not stated:
        return {}
    rows = [enterprise_row(one, organisation_id, at) for one in stated]
    added = upsert(Enterprise).on_conflict_do_nothing(index_elements=["uscc"]).returning(Enterprise)
    return {row.uscc: row for row in await session.scalars(added, rows)}


def enterprise_row(one: Stated, organisation_id: str, at: datetime) -> dict[str, Any]:
    """Write down an enterprise as an organisation is the first to state it."""
    return {
        **one.columns(),
        "id": new_id(),
        "status": standing_after(organisation_id, home_now=None, home_named=one.department_id),
        "proposed_by": organisation_id,
        "created_at": at,
        "updated_at": at,
        "version": 1,
    }


def restate(row: Enterprise, one: Stated, organisation_id: str, at: datetime) -> bool:
    """Write what the owner of a record says now; False when nothing is different or it is not theirs."""
    standing = standing_after(organisation_id, home_now=row.department_id, home_named=one.department_id)
    if standing is None or (standing == row.status and not differs(row, one)):
        return False
    for name, value in {**one.columns(), "status": standing}.items():
        setattr(row, name, value)
    row.updated_at = at
    row.version += 1
    return True
