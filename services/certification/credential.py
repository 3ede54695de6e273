"""The signed credential of a certificate: canonical JSON (RFC 8785) of public facts, under Ed25519.

The holder stands in it as a salted commitment only. The salt is kept with the name, so once the
holder's key is destroyed nobody can test a guessed name against the commitment.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.certification.domain import (
    FORGED,
    ISSUER_OPEN,
    ISSUER_WRONG,
    KEY_ABSENT,
    YES,
    Check,
)
from services.certification.holders import HolderName
from services.certification.models import Certificate, Entitlement
from services.certification.plan import PlannedClass
from shared.caller import Caller
from shared.events.policy import known_pack
from shared.events.registry import CycleState, OrganisationState, PackRevisionState

TYPE = "urn:lingjun:credential:completion:v1"
SIGNATURE_ALG = "Ed25519"

Facts = Mapping[str, Any]


def class_facts(
    planned: PlannedClass, institutions: Sequence[OrganisationState], issuer: Caller, at: datetime
) -> Facts:
    """Say what all credentials of a batch have in common; names are those of the day of issue."""
    state, rule, cycle = planned.state, planned.rule, planned.cycle.state
    return {
        "type": TYPE,
        "title": {"zh": rule.title.zh, "en": rule.title.en},
        "brand": {"zh": rule.brand.zh, "en": rule.brand.en},
        "cycle": {"id": cycle.id, "label": cycle.label, "revision": cycle.revision, "sha256": cycle.sha256},
        "class": {
            "id": state.id,
            "title": {"zh": state.title_zh, "en": state.title_en},
            "starts_on": state.starts_on.isoformat(),
            "ends_on": state.ends_on.isoformat(),
        },
        "institutions": [{"id": one.id, "zh": one.name_zh, "en": one.name_en} for one in institutions],
        "issuer": {"zh": rule.issuer.zh, "en": rule.issuer.en, "organisation_id": issuer.organisation_id},
        "issued_at": at.astimezone(UTC).isoformat(),
        "issued_on": at.astimezone(ZoneInfo(planned.pack.cycle.zone)).date().isoformat(),
    }


def credential_of(
    common: Facts, entitled: Entitlement, committed: str, *, certificate_id: str, number: str
) -> str:
    """Write the one text that everyone who knows the facts would sign."""
    own = {
        "certificate_id": certificate_id,
        "number": number,
        "holder": {
            "enrolment_id": entitled.enrolment_id,
            "commitment_alg": "SHA-256",
            "commitment": committed,
            "minutes": entitled.minutes,
        },
    }
    return rfc8785.dumps({**common, **own}).decode()


def commitment(holder: HolderName | None) -> str:
    """Commit to a name without showing it; a certificate without a name is never written."""
    if holder is None:
        raise ValueError("the holder is erased")
    return hashlib.sha256(holder.salt + holder.name.encode()).hexdigest()


def check_signature(row: Certificate, key: Ed25519PublicKey | None, holder: HolderName | None) -> Check:
    """Verify the signature again, and that row and name are the ones that were signed.

    Without the last two a row could borrow another certificate's credential, which verifies.
    """
    if key is None or row.signature_alg != SIGNATURE_ALG:
        return KEY_ABSENT
    try:
        key.verify(row.signature, row.credential.encode())
    except InvalidSignature:
        return FORGED
    facts = json.loads(row.credential)
    signed = (facts["certificate_id"], facts["number"], facts["holder"]["enrolment_id"], facts["class"]["id"])
    same_row = signed == (row.id, row.number, row.enrolment_id, row.class_id)
    same_holder = holder is None or facts["holder"]["commitment"] == commitment(holder)
    return YES if same_row and same_holder else FORGED


def check_issuer(facts: Facts, judging: CycleState | PackRevisionState | None) -> Check:
    """Compare pack, issuer and brand with those of the revision that the credential names (C40, C44)."""
    if judging is None:
        return ISSUER_OPEN
    rule = known_pack(judging.sha256, judging.pack).certificate
    if rule is None or facts["cycle"]["sha256"] != judging.sha256:
        return ISSUER_WRONG
    named = (rule.issuer.zh, rule.issuer.en, rule.brand.zh)
    told = (facts["issuer"]["zh"], facts["issuer"]["en"], facts["brand"]["zh"])
    return YES if named == told else ISSUER_WRONG
