"""The public check of a certificate: four separate answers, each found out again at every request.

Promise: whoever knows a code learns only what the certificate says, with the name masked. A code has
128 bits and only its hash is stored; whether one exists takes the same look-up either way.
"""

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.certification.credential import Facts, check_issuer, check_signature
from services.certification.domain import (
    ISSUER_UNSIGNED,
    NOT_LOGGED,
    YES,
    CodeUnknown,
    check_status,
    masked_name,
)
from services.certification.holders import HolderName, get_sealers, open_name
from services.certification.keys import Keys, code_hash
from services.certification.models import Certificate, Entitlement
from services.certification.plan import find_cycle, find_revision
from services.certification.schemas import Reason, VerificationView
from shared.events.registry import CycleState, PackRevisionState


async def verify_certificate(session: AsyncSession, keys: Keys, code: str) -> VerificationView:
    """Check the certificate of a code; beside the number, only what was found signed is shown."""
    found = (
        select(Certificate, Entitlement)
        .join(Entitlement, Entitlement.enrolment_id == Certificate.enrolment_id)
        .where(Certificate.code_sha256 == code_hash(code))
    )
    pair = (await session.execute(found)).one_or_none()
    if pair is None:
        raise CodeUnknown
    row, entitled = pair
    holder = open_name(await get_sealers(session, keys.holders, [row.person_id]), entitled)
    signature = check_signature(row, keys.verifying_key(row.signature_key), holder)
    # What is not known to be signed is not shown, and says nothing about its issuer.
    facts = json.loads(row.credential) if signature is YES else None
    judging = None if facts is None else await _find_pack(session, facts)
    checks = {
        "signature": signature,
        "status": check_status(row.status),
        "issuer": ISSUER_UNSIGNED if facts is None else check_issuer(facts, judging),
        "log": NOT_LOGGED,
    }
    return VerificationView(
        signature=checks["signature"].answer,
        status=checks["status"].answer,
        issuer=checks["issuer"].answer,
        log=checks["log"].answer,
        reasons={
            name: Reason(zh=check.reason_zh, en=check.reason_en)
            for name, check in checks.items()
            if check.answer != "yes"
        },
        number=row.number,
        **({} if facts is None else _shown(facts, holder)),
    )


async def _find_pack(session: AsyncSession, facts: Facts) -> CycleState | PackRevisionState | None:
    """Find the pack of the revision that a credential names: what was issued under one is judged by it."""
    named = facts["cycle"]
    cycle = await find_cycle(session, named["id"])
    if cycle is not None and cycle.state.revision == named["revision"]:
        return cycle.state
    return await find_revision(session, named["id"], named["revision"])


def _shown(facts: Facts, holder: HolderName | None) -> dict[str, Any]:
    taught = facts["class"]
    return {
        "masked_name": None if holder is None else masked_name(holder.name),
        "brand": facts["brand"],
        "title": facts["title"],
        "cycle": facts["cycle"]["label"],
        "class_title": taught["title"],
        "starts_on": taught["starts_on"],
        "ends_on": taught["ends_on"],
        "institutions": facts["institutions"],
        "issued_by": facts["issuer"],
        "issued_on": facts["issued_on"],
    }
