"""How certification says what it owns: the states of batches and certificates, and that some were issued.

Who may see a state stands in its audience, as `queries.py` lets them find it: holders of the reading acts,
the parties of the class, and of a certificate the department of the trainee as well.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.certification.domain import BLIND_KINDS, READING_ACTS
from services.certification.models import Certificate, CertificateBatch
from services.certification.plan import PlannedClass
from shared.events.audience import act_term, organisation_term
from shared.events.certification import CertificateBatchState, CertificateIssued, CertificateState, IssuedRow
from shared.events.enrollment import ROWS_PER_PART
from shared.events.envelope import Event, aggregate, fact, state


def issued(batch: CertificateBatch, rows: Sequence[Mapping[str, Any]]) -> list[Event]:
    """Tell which certificates a batch issued, in parts."""
    parts = [rows[start : start + ROWS_PER_PART] for start in range(0, len(rows), ROWS_PER_PART)]
    return [
        fact(
            CertificateIssued(
                batch_id=batch.id,
                class_id=batch.class_id,
                rows=[
                    IssuedRow(
                        certificate_id=row["id"], enrolment_id=row["enrolment_id"], number=row["number"]
                    )
                    for row in part
                ],
            ),
            subject=aggregate(CertificateBatchState.RESOURCE, batch.id),
            at=batch.issued_at,
            cycle=batch.cycle_id,
            revision=batch.revision,
            part=number,
            parts=len(parts),
        )
        for number, part in enumerate(parts, 1)
    ]


def states_of_batch(
    batch: CertificateBatch, rows: Sequence[Mapping[str, Any]], planned: PlannedClass
) -> list[Event]:
    """State a new batch and each certificate in it."""
    audience = _audience(planned)
    common: dict[str, Any] = {
        "at": batch.issued_at,
        "cycle": batch.cycle_id,
        "revision": batch.revision,
    }
    certificates = [
        state(
            CertificateState.model_validate(row),
            version=row["version"],
            audience=audience | _home(row["department_id"]),
            **common,
        )
        for row in rows
    ]
    return [batch_state(batch, planned, batch.issued_at), *certificates]


def batch_state(batch: CertificateBatch, planned: PlannedClass, at: datetime) -> Event:
    return state(
        CertificateBatchState.model_validate(batch, from_attributes=True),
        version=batch.version,
        at=at,
        cycle=batch.cycle_id,
        revision=batch.revision,
        audience=_audience(planned),
    )


def certificate_state(row: Certificate, planned: PlannedClass, at: datetime, *, erased: bool) -> Event:
    """State a certificate; `erased` tells whether its holder is."""
    body = CertificateState.model_validate(row, from_attributes=True)
    return state(
        body.model_copy(update={"holder_erased": erased}),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=_audience(planned) | _home(row.department_id),
    )


def _audience(planned: PlannedClass) -> frozenset[str]:
    blind = {one.organisation_id for one in planned.state.co_organisers if one.kind in BLIND_KINDS}
    acts = {act_term(act, planned.state.cycle_id) for act in READING_ACTS}
    return frozenset(acts | {organisation_term(one) for one in planned.parties - blind})


def _home(department_id: str | None) -> frozenset[str]:
    return frozenset() if department_id is None else frozenset({organisation_term(department_id)})
