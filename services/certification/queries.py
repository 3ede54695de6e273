"""What certification can tell: batches, certificates, and what issuing would do now.

Names leave masked. Departments are compared by id, never by code prefix: 宁波 (3302) is not inside
浙江 (33). The operator and the evaluator see no certificate of anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.domain import (
    BLIND_KINDS,
    READING_ACTS,
    BatchUnknown,
    CertificateUnknown,
    masked_name,
)
from services.certification.due import find_series, list_due, may_certify
from services.certification.holders import get_sealers, open_name
from services.certification.keys import Keys
from services.certification.models import Certificate, CertificateBatch, Entitlement
from services.certification.parties import classes_of
from services.certification.plan import list_cycles
from services.certification.schemas import BatchPreview, BatchView, CertificateView, PreviewRow
from shared.caller import Caller
from shared.paging import AskedPage, Page, apply, page, to_page


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None leaves it open."""

    class_id: str | None = None
    cycle_id: str | None = None

    def narrow(self, table: type[Certificate | CertificateBatch]) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.class_id is not None:
            conditions.append(table.class_id == self.class_id)
        if self.cycle_id is not None:
            conditions.append(table.cycle_id == self.cycle_id)
        return conditions


async def preview_batch(session: AsyncSession, keys: Keys, *, class_id: str, caller: Caller) -> BatchPreview:
    """Show what issuing now would do, and refuse what it would refuse."""
    planned = await may_certify(session, class_id, caller)
    due = await list_due(session, planned, await find_series(session, planned), locked=False)
    names = await _masked_names(session, keys, due.entitled)
    return BatchPreview(
        cycle_id=planned.pack.cycle_id,
        class_id=class_id,
        count=len(due.numbers),
        first_number=due.numbers[0],
        last_number=due.numbers[-1],
        rows=[
            PreviewRow(
                position=one.position,
                number=number,
                enrolment_id=one.enrolment_id,
                masked_name=names.get(one.enrolment_id),
            )
            for one, number in zip(due.entitled, due.numbers, strict=True)
        ],
    )


async def list_batches(
    session: AsyncSession, caller: Caller, wanted: Wanted, paging: AskedPage
) -> Page[BatchView]:
    """List the batches of the cycles and classes that the caller sees as a whole, oldest first."""
    seen = select(CertificateBatch).where(
        await _visible(session, caller, CertificateBatch), *wanted.narrow(CertificateBatch)
    )
    keys = (CertificateBatch.issued_at, CertificateBatch.id)
    return await page(session, seen, keys, paging, BatchView.model_validate)


async def get_batch(session: AsyncSession, caller: Caller, batch_id: str) -> BatchView:
    """Show one batch of a class or cycle that the caller sees as a whole."""
    one = select(CertificateBatch).where(
        CertificateBatch.id == batch_id, await _visible(session, caller, CertificateBatch)
    )
    row = await session.scalar(one)
    if row is None:
        raise BatchUnknown(batch_id)
    return BatchView.model_validate(row)


async def list_certificates(
    session: AsyncSession, keys: Keys, caller: Caller, wanted: Wanted, paging: AskedPage
) -> Page[CertificateView]:
    """List the certificates that the caller may see, in order of their numbers."""
    seen = select(Certificate).where(
        await _visible(session, caller, Certificate), *wanted.narrow(Certificate)
    )
    rows = list(await session.scalars(apply(seen, (Certificate.number,), paging)))
    names = await _names_of(session, keys, rows)
    return to_page(rows, (Certificate.number,), paging, lambda row: _view(keys, row, names))


async def get_certificate(
    session: AsyncSession, keys: Keys, caller: Caller, certificate_id: str
) -> CertificateView:
    """Show one certificate; what the caller may not see does not exist for it."""
    one = select(Certificate).where(
        Certificate.id == certificate_id, await _visible(session, caller, Certificate)
    )
    row = await session.scalar(one)
    if row is None:
        raise CertificateUnknown(certificate_id)
    return _view(keys, row, await _names_of(session, keys, [row]))


async def _visible(
    session: AsyncSession, caller: Caller, table: type[Certificate | CertificateBatch]
) -> ColumnElement[bool]:
    """Say which rows a caller sees (Q11): of whole cycles, of its classes, of its own trainees."""
    if caller.kind in BLIND_KINDS or caller.organisation_id is None:
        return false()
    if caller.kind == "bureau":
        return true()
    cycles = [
        cycle.state.id
        for cycle in await list_cycles(session)
        if any(caller.holds(act, cycle.pack) for act in READING_ACTS)
    ]
    classes = classes_of(caller.organisation_id)
    seen: list[ColumnElement[bool]] = [table.cycle_id.in_(cycles), table.class_id.in_(classes)]
    if table is Certificate and caller.kind == "department":
        seen.append(Certificate.department_id == caller.organisation_id)
    return or_(*seen)


async def _names_of(session: AsyncSession, keys: Keys, rows: Sequence[Certificate]) -> dict[str, str]:
    wanted = select(Entitlement).where(Entitlement.enrolment_id.in_([row.enrolment_id for row in rows]))
    return await _masked_names(session, keys, list(await session.scalars(wanted)))


async def _masked_names(session: AsyncSession, keys: Keys, entitled: Sequence[Entitlement]) -> dict[str, str]:
    """Open and mask the names of those who are not erased, by enrolment."""
    sealers = await get_sealers(session, keys.holders, (one.person_id for one in entitled))
    opened = ((one.enrolment_id, open_name(sealers, one)) for one in entitled)
    return {enrolment_id: masked_name(holder.name) for enrolment_id, holder in opened if holder is not None}


def _view(keys: Keys, row: Certificate, names: dict[str, str]) -> CertificateView:
    return CertificateView(
        id=row.id,
        batch_id=row.batch_id,
        cycle_id=row.cycle_id,
        class_id=row.class_id,
        enrolment_id=row.enrolment_id,
        department_id=row.department_id,
        number=row.number,
        status=row.status,
        masked_name=names.get(row.enrolment_id),
        issued_at=row.issued_at,
        verification_url=f"/verify/{keys.code(row.id, row.code_key)}",
        version=row.version,
    )
