"""What can be asked of liaison forms: submit one, again and again; every version is kept (C19)."""

import json
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import PackInForce, get_pack
from services.registry.deadlines.queries import find_closing
from services.registry.liaison.domain import (
    DEADLINE,
    DepartmentNotNamed,
    answered_at,
    check_department,
    check_fields,
    check_paper,
    is_late,
)
from services.registry.liaison.models import LiaisonForm, LiaisonFormVersion
from services.registry.liaison.queries import SEALED_COLUMN
from services.registry.liaison.schemas import SubmitLiaisonForm
from services.registry.liaison.states import form_state
from services.registry.organisations.queries import get_organisation
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.events.policy import ConceptAbsent
from shared.headers import NOT_THERE, check_version
from shared.outbox import record
from shared.sealed import Sealer


async def submit_liaison_form(
    session: AsyncSession,
    asked: SubmitLiaisonForm,
    *,
    caller: Caller,
    sealer: Sealer,
    now: datetime,
    if_match: int | None,
) -> tuple[LiaisonForm, LiaisonFormVersion]:
    """Keep a department's form as its newest version; a late one by the ledger is accepted and marked."""
    judged = await get_pack(session, asked.cycle_id)
    department_id = await _department(session, asked, caller, judged)
    asked_for = judged.pack.liaison_form
    if asked_for is None:
        raise ConceptAbsent("liaison_form", asked.cycle_id)
    check_fields(
        asked.fields,
        kinds={field.code: field.kind for field in asked_for.fields},
        required=[field.code for field in asked_for.fields if field.required],
    )
    on_behalf = department_id != caller.organisation_id
    received_on = asked.paper.received_on if asked.paper else None
    zone = judged.pack.cycle.zone
    if received_on is not None:
        check_paper(department_id, on_behalf=on_behalf, received_on=received_on, now=now, zone=zone)
    closing = await find_closing(session, asked.cycle_id, DEADLINE, [department_id])
    late = is_late(answered_at(now, received_on, zone), closing)
    form = await _form(session, asked.cycle_id, department_id, late=late, if_match=if_match)
    personal = {field.code for field in asked_for.fields if field.personal}
    hidden = {name: text for name, text in asked.fields.items() if name in personal}
    version = LiaisonFormVersion(
        form_id=form.id,
        number=form.number,
        revision=judged.revision,
        fields={name: text for name, text in asked.fields.items() if name not in personal},
        sealed=sealer.seal(json.dumps(hidden, ensure_ascii=False), SEALED_COLUMN),
        late=late,
        on_behalf=on_behalf,
        received_on=received_on,
        reference=asked.paper.reference if asked.paper else None,
        submitted_at=now,
        submitted_by=caller.principal,
    )
    session.add(version)
    await session.flush()
    await record(session, form_state(form, judged.revision, now))
    return form, version


async def _department(
    session: AsyncSession, asked: SubmitLiaisonForm, caller: Caller, judged: PackInForce
) -> str:
    """Answer whose form it is: the caller's own, or another's for whoever receives the forms."""
    department_id = asked.department_id or caller.organisation_id
    if department_id != caller.organisation_id or caller.kind != "department":
        caller.require("receive_liaison_forms", judged.pack)
        if asked.department_id is None:
            raise DepartmentNotNamed
    department = await get_organisation(session, department_id or "")
    check_department(department.id, department.kind)
    return department.id


async def _form(
    session: AsyncSession, cycle_id: str, department_id: str, *, late: bool, if_match: int | None
) -> LiaisonForm:
    """Begin a department's form, or lock it and count one version on."""
    begun = LiaisonForm(cycle_id=cycle_id, department_id=department_id, late=late)
    if await insert_new(session, begun):
        check_version(NOT_THERE, if_match)
        return begun
    found = select(LiaisonForm).where(
        LiaisonForm.cycle_id == cycle_id, LiaisonForm.department_id == department_id
    )
    form = (await session.scalars(found.with_for_update())).one()
    check_version(form.version, if_match)
    form.number += 1
    form.version += 1
    return form
