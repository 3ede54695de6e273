"""What can be asked of organisations: register one, register an office that one hosts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.organisations.domain import (
    SOLE_KINDS,
    CodeTaken,
    KindAlreadyHeld,
    OfficeCodeTaken,
    OrganisationNameTaken,
    OrganisationUnknown,
    check_code,
    check_kind,
    check_parent,
)
from services.registry.organisations.links import links_of
from services.registry.organisations.models import Office, Organisation
from services.registry.organisations.queries import get_organisation, list_kinds
from services.registry.organisations.schemas import (
    AmendOrganisation,
    OfficeView,
    OrganisationView,
    RegisterOffice,
    RegisterOrganisation,
)
from services.registry.organisations.states import office_state, organisation_state
from services.registry.tables import insert_new
from shared.headers import check_version
from shared.outbox import record


async def register_organisation(
    session: AsyncSession, asked: RegisterOrganisation, now: datetime
) -> OrganisationView:
    """Register an organisation of a kind that some cycle knows."""
    check_kind(asked.kind, await list_kinds(session))
    check_code(asked.kind, asked.name_zh, asked.code)
    if asked.parent_id is not None:
        parent = await get_organisation(session, asked.parent_id)
        check_parent(asked.kind, parent.id, parent.kind, parent.parent_id)
    return await add_organisation(session, Organisation(**asked.model_dump(), registered_at=now))


async def add_organisation(session: AsyncSession, organisation: Organisation) -> OrganisationView:
    """Keep an organisation and state it; the database decides what is unique."""
    if not await insert_new(session, organisation):
        raise await _twin_of(session, organisation)
    await record(session, organisation_state(organisation, organisation.registered_at))
    return OrganisationView.model_validate(organisation)


async def amend_organisation(
    session: AsyncSession,
    organisation_id: str,
    asked: AmendOrganisation,
    *,
    now: datetime,
    if_match: int | None,
) -> OrganisationView:
    """Give an organisation its new names; it stays the same, and its kind, code and parent stay."""
    row = await session.get(Organisation, organisation_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise OrganisationUnknown(organisation_id)
    check_version(row.version, if_match)
    kind = row.kind
    try:
        async with session.begin_nested():
            row.name_zh, row.name_en = asked.name_zh, asked.name_en
            row.version += 1
    except IntegrityError as taken:
        raise OrganisationNameTaken(kind, asked.name_zh) from taken
    links = await links_of(session, [row.id])
    await record(session, organisation_state(row, now, links[row.id]))
    return OrganisationView.model_validate(row)


async def register_office(session: AsyncSession, asked: RegisterOffice, now: datetime) -> OfficeView:
    """Register an office, such as the coordination office, with the organisation that hosts it (C18)."""
    await get_organisation(session, asked.host_id)
    office = Office(**asked.model_dump(), registered_at=now)
    if not await insert_new(session, office):
        raise OfficeCodeTaken(asked.code)
    await record(session, office_state(office, now))
    return OfficeView.model_validate(office)


async def _twin_of(session: AsyncSession, organisation: Organisation) -> Exception:
    """Name what a new organisation has in common with a registered one."""
    taken = select(Organisation.id).where(Organisation.code == organisation.code)
    if organisation.code is not None and await session.scalar(taken):
        return CodeTaken(organisation.code)
    if organisation.kind in SOLE_KINDS:
        return KindAlreadyHeld(organisation.kind)
    return OrganisationNameTaken(organisation.kind, organisation.name_zh)
