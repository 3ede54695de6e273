"""What can be asked of designations: designate an institution for kinds of class in a cycle."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_pack
from services.registry.designations.domain import (
    AlreadyDesignated,
    check_class_kind,
    check_evidence,
    check_may_teach,
)
from services.registry.designations.models import Designation
from services.registry.designations.schemas import DesignateInstitution, DesignationView
from services.registry.organisations.queries import get_organisation
from services.registry.tables import insert_new
from shared.caller import Caller
from shared.events.envelope import state
from shared.events.policy import ConceptAbsent
from shared.events.registry import DesignationState
from shared.outbox import record


async def designate_institution(
    session: AsyncSession, asked: DesignateInstitution, *, caller: Caller, now: datetime
) -> DesignationView:
    """Designate an institution, with the evidence that the cycle asks for (C13)."""
    judged = await get_pack(session, asked.cycle_id)
    pack = judged.pack
    caller.require("designate_institutions", pack)
    if pack.designation is None:
        raise ConceptAbsent("designation", asked.cycle_id)
    for code in asked.class_kinds:
        check_class_kind(code, takes_designation=pack.class_kind(code).designation)
    rule = pack.designation
    check_evidence("assessment_reference", asked.assessment_reference, asked=rule.assessment_reference)
    check_evidence("selection_reference", asked.selection_reference, asked=rule.selection_reference)
    institution = await get_organisation(session, asked.institution_id)
    check_may_teach(institution.id, institution.kind)

    designation = Designation(
        cycle_id=asked.cycle_id,
        revision=judged.revision,
        institution_id=asked.institution_id,
        class_kinds=list(dict.fromkeys(asked.class_kinds)),
        assessment_reference=asked.assessment_reference,
        selection_reference=asked.selection_reference,
        designated_at=now,
        designated_by=caller.principal,
    )
    if not await insert_new(session, designation):
        raise AlreadyDesignated(asked.institution_id)
    body = DesignationState.model_validate(designation, from_attributes=True)
    stated = state(body, version=designation.version, at=now, cycle=asked.cycle_id, revision=judged.revision)
    await record(session, stated)
    return DesignationView.model_validate(designation)
