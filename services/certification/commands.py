"""What can be asked of certification: issue the certificates of a class, erase a holder.

Danger: two issues at once must wait for each other *before* they look who is due. The locked series
row does that for a whole cycle; it also keeps the numbers gapless.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.credential import SIGNATURE_ALG, Facts, class_facts, commitment, credential_of
from services.certification.domain import CertificateUnknown, HolderAlreadyErased
from services.certification.due import Due, list_due, may_certify
from services.certification.erasing import destroy_keys, lock_holder
from services.certification.holders import HolderSealers, get_sealers, open_name
from services.certification.keys import Keys, code_hash
from services.certification.merges import list_same_holder
from services.certification.models import Certificate, CertificateBatch, NumberSeries
from services.certification.numbering import series_of
from services.certification.plan import PlannedClass, get_cycle, get_organisations
from services.certification.states import issued, states_of_batch
from shared.caller import Caller
from shared.database import upsert
from shared.headers import check_version
from shared.ids import new_id
from shared.outbox import record


async def issue_certificates(
    session: AsyncSession, keys: Keys, *, class_id: str, caller: Caller, now: datetime
) -> CertificateBatch:
    """Certify everybody of a finished class who is entitled and has no certificate yet (C40)."""
    planned = await may_certify(session, class_id, caller, held=True)
    series = await _locked_series(session, planned)
    due = await list_due(session, planned, series, locked=True)
    batch = CertificateBatch(
        cycle_id=planned.pack.cycle_id,
        revision=planned.cycle.state.revision,
        class_id=class_id,
        count=len(due.numbers),
        first_number=due.numbers[0],
        last_number=due.numbers[-1],
        issued_by=caller.principal,
        issued_at=now,
    )
    session.add(batch)
    await session.flush()
    institutions = await get_organisations(session, planned.state.institution_ids or [planned.state.lead_id])
    common = class_facts(planned, institutions, caller, now)
    rows = _rows(keys, batch, common, due, await get_sealers(session, keys.holders, due.person_ids))
    for serial, row in enumerate(rows, series.last + 1):
        row.update(pattern=series.pattern, serial=serial)
    await session.execute(insert(Certificate), rows)
    series.last += len(rows)
    await record(session, *issued(batch, rows), *states_of_batch(batch, rows, planned))
    return batch


async def erase_holder(
    session: AsyncSession, *, certificate_id: str, caller: Caller, now: datetime, if_match: int | None
) -> None:
    """Destroy the key of a certificate's holder; the certificate itself stays checkable (PIPL 47).

    All certificates of the person, under whichever id, show no name from now on, so all of them change.
    """
    row = await session.get(Certificate, certificate_id)
    if row is None:
        raise CertificateUnknown(certificate_id)
    caller.require("issue_certificates", (await get_cycle(session, row.cycle_id)).pack)
    holders, certificates = await lock_holder(session, await list_same_holder(session, row.person_id))
    check_version(row.version, if_match)
    if not await destroy_keys(session, holders, certificates, caller.principal, now):
        raise HolderAlreadyErased(certificate_id)


async def _locked_series(session: AsyncSession, planned: PlannedClass) -> NumberSeries:
    """Hold the series to the end of the transaction: who comes next counts on from what is committed."""
    cycle_id, pattern = series_of(planned.pack, planned.rule)
    start = upsert(NumberSeries).values(cycle_id=cycle_id, pattern=pattern, last=0)
    await session.execute(start.on_conflict_do_nothing())
    return await session.get_one(NumberSeries, (cycle_id, pattern), with_for_update=True)


def _rows(
    keys: Keys, batch: CertificateBatch, common: Facts, due: Due, sealers: HolderSealers
) -> list[dict[str, Any]]:
    key_id, key = keys.signing_key
    rows = []
    for entitled, number in zip(due.entitled, due.numbers, strict=True):
        certificate_id = new_id()
        credential = credential_of(
            common,
            entitled,
            commitment(open_name(sealers, entitled)),
            certificate_id=certificate_id,
            number=number,
        )
        rows.append(
            {
                "id": certificate_id,
                "batch_id": batch.id,
                "cycle_id": batch.cycle_id,
                "revision": batch.revision,
                "class_id": batch.class_id,
                "enrolment_id": entitled.enrolment_id,
                "person_id": entitled.person_id,
                "department_id": entitled.department_id,
                "number": number,
                "status": "issued",
                "issued_at": batch.issued_at,
                "credential": credential,
                "signature": key.sign(credential.encode()),
                "signature_alg": SIGNATURE_ALG,
                "signature_key": key_id,
                "code_key": keys.code_key,
                "code_sha256": code_hash(keys.code(certificate_id, keys.code_key)),
                "version": 1,
            }
        )
    return rows
