"""Reading the queue of duplicates and the trail of merges: a department sees its own and whom to ask."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.duplicates.domain import DuplicateNotFound, MergeNotFound
from services.enrollment.duplicates.models import Duplicate, PersonMerge
from services.enrollment.duplicates.schemas import DuplicateStatus, DuplicateView, LikePerson, MergeView
from services.enrollment.nominations.belonging import find_belongings
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.queries import get_persons, masked
from services.enrollment.scope import holds_in_some_cycle, reads_every_trainee
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, page, to_page
from shared.sealed import Sealer


async def decides_on_everybody(session: AsyncSession, caller: Caller) -> bool:
    """Tell whether the caller decides on persons of all departments: the bureau, and who reviews rosters."""
    return caller.kind == "bureau" or await holds_in_some_cycle(session, caller, "review_rosters")


async def list_duplicates(
    session: AsyncSession, caller: Caller, sealer: Sealer, status: DuplicateStatus | None, paging: AskedPage
) -> Page[DuplicateView]:
    """List, as they were found, the duplicates of whom at least one person belongs to the caller."""
    everybody = await reads_every_trainee(session, caller)
    wanted = select(Duplicate).where(_concerns(caller, everybody=everybody))
    if status is not None:
        wanted = wanted.where(Duplicate.status == status)
    rows = (await session.scalars(apply(wanted, (Duplicate.id,), paging))).all()
    shown = await _views(session, caller, sealer, rows[: paging.limit], everybody=everybody)
    return to_page(rows, (Duplicate.id,), paging, lambda row: shown[row.id])


async def get_duplicate(
    session: AsyncSession, caller: Caller, sealer: Sealer, duplicate_id: str
) -> DuplicateView:
    row = await get_visible_duplicate(session, caller, duplicate_id)
    everybody = await reads_every_trainee(session, caller)
    return (await _views(session, caller, sealer, [row], everybody=everybody))[row.id]


async def get_visible_duplicate(
    session: AsyncSession, caller: Caller, duplicate_id: str, *, locked: bool = False
) -> Duplicate:
    everybody = await reads_every_trainee(session, caller)
    wanted = select(Duplicate).where(Duplicate.id == duplicate_id, _concerns(caller, everybody=everybody))
    row = await session.scalar(wanted.with_for_update() if locked else wanted)
    if row is None:
        raise DuplicateNotFound(duplicate_id=duplicate_id)
    return row


async def list_merges(
    session: AsyncSession, caller: Caller, person_id: str | None, paging: AskedPage
) -> Page[MergeView]:
    """List merges, the latest first; with a person only those in which that one survived or was retired."""
    wanted = select(PersonMerge).where(await _merges_seen(session, caller))
    if person_id is not None:
        wanted = wanted.where(or_(PersonMerge.survivor_id == person_id, PersonMerge.retired_id == person_id))
    keys = (PersonMerge.position,)
    return await page(session, wanted, keys, paging, MergeView.model_validate, descending=True)


async def get_merge(session: AsyncSession, caller: Caller, merge_id: str) -> PersonMerge:
    seen = select(PersonMerge).where(PersonMerge.id == merge_id, await _merges_seen(session, caller))
    row = await session.scalar(seen)
    if row is None:
        raise MergeNotFound(merge_id=merge_id)
    return row


async def _merges_seen(session: AsyncSession, caller: Caller) -> ColumnElement[bool]:
    if await reads_every_trainee(session, caller):
        return true()
    if caller.kind != "department":
        return false()
    return _at_home(caller).where(Nomination.person_id == PersonMerge.survivor_id).exists()


def _concerns(caller: Caller, *, everybody: bool) -> ColumnElement[bool]:
    if everybody:
        return true()
    if caller.kind != "department":
        return false()
    return (
        _at_home(caller).where(Nomination.person_id.in_((Duplicate.first_id, Duplicate.second_id))).exists()
    )


def _at_home(caller: Caller) -> Select[str]:
    return select(Nomination.id).where(Nomination.department_id == caller.organisation_id)


async def _views(
    session: AsyncSession, caller: Caller, sealer: Sealer, rows: Collection[Duplicate], *, everybody: bool
) -> dict[str, DuplicateView]:
    ids = {one for row in rows for one in (row.first_id, row.second_id)}
    persons, belongings = await get_persons(session, ids), await find_belongings(session, ids)

    def like(person_id: str) -> LikePerson:
        homes = belongings[person_id].departments
        shown = everybody or caller.organisation_id in homes
        return LikePerson(
            person=masked(sealer, persons[person_id]) if shown else None,
            ask_departments=sorted(homes - {str(caller.organisation_id)}),
        )

    return {
        row.id: DuplicateView.model_validate(
            {
                **{name: getattr(row, name) for name in DuplicateView.model_fields if name != "persons"},
                "persons": [like(row.first_id), like(row.second_id)],
            }
        )
        for row in rows
    }
