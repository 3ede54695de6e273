"""Entries: drafts that screening has let through, as the rows that they become; no database is needed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.enrollment.findings import Finding
from services.enrollment.nominations.drafts import Draft
from services.enrollment.persons.commands import person_row, phone_row
from services.enrollment.persons.models import Key
from services.enrollment.persons.queries import OnRecord
from shared.ids import new_id
from shared.sealed import Sealer


class Entry(NamedTuple):
    """A nomination to be: `person` of who was on no record, `phone` of who had none, its `row`."""

    index: int
    keys: tuple[Key, ...]
    person: dict[str, Any] | None
    phone: dict[str, Any] | None
    row: dict[str, Any]

    @property
    def key(self) -> Key:
        return self.keys[0]


def make_entry(
    sealer: Sealer,
    draft: Draft,
    findings: Sequence[Finding],
    known: OnRecord | None,
    now: datetime,
) -> Entry:
    """Write a draft down; `known` is the person already on record under its document."""
    item, employer = draft.item, draft.employer
    row = {
        "id": new_id(),
        "cycle_id": draft.cycle_id,
        "revision": draft.planned.cycle.state.revision,
        "class_id": item.class_id,
        "enterprise_id": employer.id,
        "post": item.person.post,
        "target_group": item.target_group,
        "evidence": dict(item.evidence),
        "declarations": list(item.declarations),
        "credits": draft.credits,
        "findings": [finding.to_json() for finding in findings],
        "second_enrolment_reason": item.second_enrolment_reason,
        "department_id": employer.department_id,
        "industry_code": employer.industry_code,
        "industry_section": employer.industry_section,
        "size_class": employer.size_class,
        "tier": employer.tier,
        "status": "nominated",
        "compared": False,
        "version": 1,
        "nominated_at": now,
    }
    stated = draft.identity
    person = None if known else person_row(sealer, draft.key, stated, now)
    phone = phone_row(sealer, known, stated.phone) if known and stated.phone and not known.has_phone else None
    return Entry(draft.index, draft.keys, person, phone, row)
