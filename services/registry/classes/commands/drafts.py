"""Draft a class and revise the draft: who leads, who teaches, when, as the pack arranges it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.blocks import check_blocks
from services.registry.classes.domain import CO_ORGANISER, EDITABLE, INSTITUTION, check_dates, check_in
from services.registry.classes.models import Class, ClassOrganiser
from services.registry.classes.organisers import (
    TopicOwnedByOthers,
    check_co_organiser,
    check_distinct,
    check_filer,
    check_institutions,
    check_lead,
    check_place,
    check_topic,
    choose_lead,
)
from services.registry.classes.queries import view_of
from services.registry.classes.schemas import ClassFacts, ClassView, DraftClass
from services.registry.classes.states import lock_own, restate, state_class
from services.registry.cycles.queries import get_pack, hold_cycle
from services.registry.designations.domain import check_may_teach
from services.registry.designations.queries import list_designated
from services.registry.organisations.models import Organisation
from services.registry.organisations.queries import get_organisations, list_hosted
from shared.caller import Caller
from shared.events.policy import Arrangement, ConceptAbsent, PolicyPack

_OWN_FIELDS = frozenset(ClassFacts.model_fields) - {"lead_id", "institution_ids", "co_organisers"}


async def draft_class(
    session: AsyncSession, asked: DraftClass, *, caller: Caller, now: datetime
) -> ClassView:
    """Draft a class for the caller's organisation, which will file it."""
    await hold_cycle(session, asked.cycle_id)
    judged = await get_pack(session, asked.cycle_id)
    filer_id = caller.organisation_id or ""
    lead_id = await check_arranged(session, asked, judged.pack, asked.cycle_id, filer_id)
    row = Class(
        **asked.model_dump(include=set(_OWN_FIELDS)),
        cycle_id=asked.cycle_id,
        revision=judged.revision,
        filed_by=filer_id,
        lead_id=lead_id,
        organisers=_organisers(asked),
        plan=None,  # said, not left out: what was never set would be read from the database after the flush
        drafted_at=now,
        drafted_by=caller.principal,
    )
    session.add(row)
    await state_class(session, row, now)
    return view_of(row)


async def revise_class(
    session: AsyncSession,
    class_id: str,
    asked: ClassFacts,
    *,
    caller: Caller,
    now: datetime,
    if_match: int | None,
) -> ClassView:
    """Replace what a draft or a returned class says; its filer may. Saying the same changes nothing."""
    row, pack = await lock_own(session, class_id, caller, if_match, "filed_by")
    check_in(class_id, row.status, EDITABLE, "revision")
    lead_id = await check_arranged(session, asked, pack, row.cycle_id, row.filed_by)
    if await keep_facts(session, row, asked, lead_id):
        await restate(session, row, now)
    return view_of(row)


async def keep_facts(session: AsyncSession, row: Class, said: ClassFacts, lead_id: str) -> bool:
    """Write to a class what it is to be; tell whether anything of it is new."""
    facts = {name: getattr(said, name) for name in _OWN_FIELDS} | {"lead_id": lead_id}
    unsaid = {name: value for name, value in facts.items() if getattr(row, name) != value}
    organisers = _organisers(said)
    reorganised = [_role(one) for one in row.organisers] != [_role(one) for one in organisers]
    for name, value in unsaid.items():
        setattr(row, name, value)
    if reorganised:
        row.organisers.clear()
        # The old rows must be gone before new ones may take their keys.
        await session.flush()
        row.organisers.extend(organisers)
    return bool(unsaid) or reorganised


async def check_arranged(
    session: AsyncSession, asked: ClassFacts, pack: PolicyPack, cycle_id: str, filer_id: str
) -> str:
    """Hold a class to its kind and arrangement; answer who leads it."""
    kind = pack.class_kind(asked.kind)
    rule = pack.arrangement(asked.kind, asked.arrangement)
    check_topic(asked.kind, asked=kind.takes_topic, given=asked.special_topic is not None)
    if asked.special_topic is not None:
        pack.special_topic(asked.special_topic)
    _check_facets(asked, pack)
    check_dates(asked.starts_on, asked.ends_on, kind.latest_end(asked.starts_on))
    check_blocks(kind.blocks, asked.starts_on, asked.ends_on)
    return await _check_organisers(session, asked, pack, rule, cycle_id, filer_id)


def _check_facets(asked: ClassFacts, pack: PolicyPack) -> None:
    """Refuse facets that the cycle does not have, and values that a facet does not list (C23)."""
    for code, value in asked.facets.items():
        values = {word.code for word in pack.facet(code).values}
        if values and value not in values:
            raise ConceptAbsent("facet_value", f"{code}/{value}")


async def _check_organisers(
    session: AsyncSession,
    asked: ClassFacts,
    pack: PolicyPack,
    rule: Arrangement,
    cycle_id: str,
    filer_id: str,
) -> str:
    partners = {partner.organisation_id: partner.kind for partner in asked.co_organisers}
    check_distinct(asked.institution_ids)
    check_distinct(partner.organisation_id for partner in asked.co_organisers)
    check_institutions(len(asked.institution_ids), least=rule.min_institutions, most=rule.max_institutions)
    involved = {filer_id, asked.place_department_id, *asked.institution_ids, *partners}
    known = await get_organisations(session, involved | ({asked.lead_id} if asked.lead_id else set()))
    roles = await _roles(session, cycle_id, known)

    arranged = {"class_kind": rule.kind, "arrangement": rule.arrangement}
    check_filer(roles[filer_id], rule.filed_by, **arranged)
    lead_id = choose_lead(
        asked.lead_id,
        filer_id=filer_id,
        filer_leads=not roles[filer_id].isdisjoint(rule.led_by),
        institution_ids=asked.institution_ids,
    )
    check_lead(roles[lead_id], rule.led_by, **arranged)
    for institution_id in asked.institution_ids:
        check_may_teach(institution_id, known[institution_id].kind)
    for partner_id, kind in partners.items():
        check_co_organiser(
            partner_id, kind, known[partner_id].kind, rule.co_organised_by, class_kind=asked.kind
        )
    check_place(asked.place_department_id, known[asked.place_department_id].kind)
    if asked.special_topic is not None:
        await _check_topic_owner(session, pack, known[lead_id])
    return lead_id


async def _roles(
    session: AsyncSession, cycle_id: str, known: Mapping[str, Organisation]
) -> dict[str, frozenset[str]]:
    """Name what each organisation may act as: its kind, and institution if it was designated as one."""
    designated = await list_designated(session, cycle_id, known.keys())
    return {
        organisation_id: frozenset({row.kind, *({INSTITUTION} if organisation_id in designated else ())})
        for organisation_id, row in known.items()
    }


async def _check_topic_owner(session: AsyncSession, pack: PolicyPack, lead: Organisation) -> None:
    """Refuse a lead to whom the pack does not give the special topics (C16)."""
    hosted = await list_hosted(session, lead.id)
    if not pack.may("own_special_topics", kind=lead.kind, offices=hosted, organisation_id=lead.id):
        raise TopicOwnedByOthers(lead.id)


def _organisers(asked: ClassFacts) -> list[ClassOrganiser]:
    teaching = [
        ClassOrganiser(organisation_id=organisation_id, role=INSTITUTION, position=position)
        for position, organisation_id in enumerate(asked.institution_ids)
    ]
    partners = [
        ClassOrganiser(
            organisation_id=partner.organisation_id, role=CO_ORGANISER, position=position, kind=partner.kind
        )
        for position, partner in enumerate(asked.co_organisers, len(teaching))
    ]
    return teaching + partners


def _role(organiser: ClassOrganiser) -> tuple[str, str, str | None]:
    return organiser.organisation_id, organiser.role, organiser.kind
