"""Drafts: what an item of a request means, once its class, enterprise and document are looked up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.queries import find_by_codes
from services.enrollment.findings import Finding
from services.enrollment.identifiers import Checked, check_document, check_uscc, normalise
from services.enrollment.nominations.domain import (
    CLASSES_TAKING_NOMINATIONS,
    ClassTakesNoNominations,
    EnterpriseNotRegistered,
    channel_of,
)
from services.enrollment.nominations.schemas import Nominate
from services.enrollment.nominations.screening import Candidate, name_differs, screen
from services.enrollment.persons.domain import Identity, canonical_name
from services.enrollment.persons.models import Key
from services.enrollment.persons.queries import OnRecord, keys_of
from services.enrollment.plan import PlannedClass, class_unknown, find_classes, get_organisations
from shared.caller import Caller
from shared.events.policy import ConceptAbsent
from shared.sealed import Sealer

Heads = Mapping[tuple[str, str], str]
"""The class in which a person counts, by cycle and person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the items of a request refer to, read at once."""

    classes: Mapping[str, PlannedClass]
    enterprises: Mapping[str, Enterprise]
    department_codes: Mapping[str, str | None]


class Employer(NamedTuple):
    """What a draft needs of the enterprise, the same for all of its people."""

    id: str
    uscc: Checked
    department_id: str
    department_code: str | None
    industry_code: str
    industry_section: str
    size_class: str | None
    tier: str | None
    tier_expires_on: date | None
    is_confirmed: bool


class Draft(NamedTuple):
    """An item that is understood and not yet screened; the first of its person's `keys` is to be written."""

    index: int
    item: Nominate
    planned: PlannedClass
    employer: Employer
    channel: str
    credits: dict[str, Any]
    document: Checked
    identity: Identity
    keys: tuple[Key, ...]
    today: date

    @property
    def cycle_id(self) -> str:
        return self.planned.state.cycle_id

    @property
    def key(self) -> Key:
        return self.keys[0]

    @property
    def identity_in_class(self) -> tuple[str, Key]:
        return self.item.class_id, self.key

    def screened(self, sealer: Sealer, known: OnRecord | None, heads: Heads) -> list[Finding]:
        """Screen by the pack; `known` is the person already on record under this document."""
        counted_in = heads.get((self.cycle_id, known.id)) if known else None
        elsewhere = self.planned.adds_heads and counted_in not in {None, self.item.class_id}
        candidate = self._candidate(counted_elsewhere=elsewhere)
        findings = screen(candidate, self.planned.pack)
        if known and known.name(sealer) != self.identity.name:
            findings.append(name_differs())
        return findings

    def _candidate(self, *, counted_elsewhere: bool) -> Candidate:
        employer, planned, item = self.employer, self.planned.state, self.item
        uscc, document = employer.uscc, self.document
        return Candidate(
            today=self.today,
            attributes={
                "industry_section": employer.industry_section,
                "industry_division": employer.industry_code[1:3],
                "size_class": employer.size_class,
                "tier": employer.tier,
                "target_group": item.target_group,
                "department": employer.department_code,
                "channel": self.channel,
                "class_kind": planned.kind,
                "arrangement": planned.arrangement,
                "special_topic": planned.special_topic,
            },
            post=item.person.post,
            evidence=frozenset(item.evidence),
            declarations=frozenset(item.declarations),
            uscc_faults=uscc.faults,
            document_faults=document.faults,
            remarks=(*uscc.remarks, *document.remarks),
            enterprise_confirmed=employer.is_confirmed,
            tier_expires_on=employer.tier_expires_on,
            counted_elsewhere=counted_elsewhere,
            second_enrolment_reason=item.second_enrolment_reason,
        )


def asked_keys(drafts: Iterable[Draft]) -> dict[Key, Key]:
    """Name the key of each person by every key under which the person may be on record."""
    return {key: draft.key for draft in drafts for key in draft.keys}


async def read_sources(session: AsyncSession, items: Sequence[Nominate], *, held: bool) -> Sources:
    """Read the classes and enterprises of all items, each kind in one statement."""
    classes = await find_classes(session, {item.class_id for item in items}, held=held)
    found = await find_by_codes(session, {normalise(item.enterprise_uscc) for item in items})
    departments = await get_organisations(session, {one.department_id for one in found.values()})
    return Sources(
        classes=classes,
        enterprises=found,
        department_codes={one: department.code for one, department in departments.items()},
    )


@dataclass(frozen=True, kw_only=True)
class Drafter:
    """Understands the items of a caller; what many of them share it works out once."""

    sources: Sources
    caller: Caller
    sealer: Sealer
    now: datetime
    _todays: dict[str, date] = field(default_factory=dict)
    _employers: dict[str, Employer] = field(default_factory=dict)
    _channels: dict[tuple[str, str], tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def draft(self, index: int, item: Nominate) -> Draft:
        """Understand one item; raises what prevents it before any screening."""
        planned = self.sources.classes.get(item.class_id)
        if planned is None:
            raise class_unknown(item.class_id)
        today = self._todays.get(item.class_id) or self._open(planned)
        code = normalise(item.enterprise_uscc)
        employer = self._employers.get(code) or self._employer(code)
        shared = item.class_id, employer.department_id
        credited = self._channels.get(shared)
        if credited is None:
            credited = self._channels[shared] = self._channel(planned, employer.department_id)
        person, stated = item.person, item.person.document
        document = check_document(stated.kind, stated.number, today)
        if stated.kind == "passport" and stated.issuer is None:
            document = Checked(document.value, (*document.faults, "document_issuer"), document.remarks)
        name = canonical_name(person.name)
        identity = Identity(stated.kind, document.value, stated.issuer, name, person.phone)
        return Draft(
            index=index,
            item=item,
            planned=planned,
            employer=employer,
            channel=credited[0],
            credits=credited[1],
            document=document,
            identity=identity,
            keys=keys_of(self.sealer, identity),
            today=today,
        )

    def _open(self, planned: PlannedClass) -> date:
        """Refuse a class that takes nobody; tell what day it is where its cycle is held."""
        planned.check_cycle_open()
        state = planned.state
        if state.status not in CLASSES_TAKING_NOMINATIONS:
            raise planned.refuse(ClassTakesNoNominations(class_id=state.id, state=state.status))
        today = self.now.astimezone(ZoneInfo(planned.pack.cycle.zone)).date()
        return self._todays.setdefault(state.id, today)

    def _employer(self, code: str) -> Employer:
        found = self.sources.enterprises.get(code)
        if found is None:
            raise EnterpriseNotRegistered
        employer = Employer(
            id=found.id,
            uscc=check_uscc(found.uscc),
            department_id=found.department_id,
            department_code=self.sources.department_codes.get(found.department_id),
            industry_code=found.industry_code,
            industry_section=found.industry_section,
            size_class=found.size_class,
            tier=found.tier_code,
            tier_expires_on=found.tier_expires_on,
            is_confirmed=found.status == "confirmed",
        )
        return self._employers.setdefault(code, employer)

    def _channel(self, planned: PlannedClass, home_department_id: str) -> tuple[str, dict[str, Any]]:
        """Tell by which channel the caller puts people of a department forward, and its credit (C34)."""
        if not planned.pack.channels:
            raise ConceptAbsent("channel", planned.state.cycle_id)
        caller = self.caller
        channel = channel_of(
            planned.pack.channels,
            kind=caller.kind,
            organisation_id=caller.organisation_id,
            home_department_id=home_department_id,
            selectors=planned.selectors,
            class_id=planned.state.id,
        )
        at = self.now.isoformat()
        credit = {"organisation_id": caller.organisation_id, "principal": caller.principal, "at": at}
        return channel, {channel: credit}
