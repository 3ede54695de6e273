"""What can be asked of organisations: register one, register an office that one hosts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.organisations.domain import (
    SOLE_KINDS,
    CodeTaken,
    KindAlreadyHeld,
    OfficeCodeTaken,
    OrganisationNameTaken,
    check_code,
    check_kind,
    check_parent,
)
from services.registry.organisations.models import Office, Organisation
from services.registry.organisations.queries import get_organisation, list_kinds
from services.registry.organisations.schemas import (
    OfficeView,
    OrganisationView,
    RegisterOffice,
    RegisterOrganisation,
)
from services.registry.organisations.states import office_state, organisation_state
from services.registry.tables import insert_new
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
