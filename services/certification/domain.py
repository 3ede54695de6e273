"""What is allowed: when a class may be certified, what a check may answer, how a name is masked.

Refusals carry plain values only: rows expire with the rollback that a refusal causes.
"""

import re
from dataclasses import dataclass
from typing import Literal

Status = Literal["issued", "superseded", "suspended", "revoked"]
Answer = Literal["yes", "no", "could_not_check"]

READING_ACTS = ("issue_certificates", "track")
"""Who holds one of these in a cycle sees all its certificates."""
BLIND_KINDS = frozenset({"anonymous", "operator", "evaluator"})
"""Who sees no certificate of anybody, whatever its part in a class."""


@dataclass(eq=False)
class CycleUnknown(Exception):
    cycle_id: str


@dataclass(eq=False)
class ClassUnknown(Exception):
    class_id: str


@dataclass(eq=False)
class OrganisationUnknown(Exception):
    organisation_id: str


@dataclass(eq=False)
class ClassNotFinished(Exception):
    """Certificates are issued when the training has ended (C40)."""

    class_id: str
    status: str


@dataclass(eq=False)
class CompletionStillArriving(Exception):
    """Numbers follow the roster; with a part missing the order would depend on the network."""

    class_id: str
    arrived: int
    expected: int


@dataclass(eq=False)
class NothingToCertify(Exception):
    """Nobody of the class is confirmed and still without a certificate."""

    class_id: str


@dataclass(eq=False)
class CertificateUnknown(Exception):
    certificate_id: str


@dataclass(eq=False)
class BatchUnknown(Exception):
    batch_id: str


@dataclass(eq=False)
class CodeUnknown(Exception):
    """No certificate has this code. The code itself is a secret of its holder and is not repeated."""


@dataclass(eq=False)
class HolderAlreadyErased(Exception):
    certificate_id: str


@dataclass(frozen=True, slots=True)
class Check:
    """One answer of a verification and, unless it is yes, why."""

    answer: Answer
    reason_zh: str = ""
    reason_en: str = ""


YES = Check("yes")
NOT_LOGGED = Check("could_not_check", "透明日志尚未启用", "The transparency log is not in operation yet")
KEY_ABSENT = Check("could_not_check", "签名公钥不可用", "The signing key is not available")
FORGED = Check("no", "签名与证书内容不符", "The signature does not match the certificate")
ISSUER_OPEN = Check(
    "could_not_check", "证书所依据的政策包不可用", "The policy pack that it names is not available"
)
ISSUER_UNSIGNED = Check(
    "could_not_check", "签名未获确认，颁发单位无从核验", "Without a good signature the issuer is not known"
)
ISSUER_WRONG = Check("no", "颁发者与政策包不符", "The issuer is not the one that the policy pack names")

_STANDINGS: dict[Status, Check] = {
    "issued": YES,
    "superseded": Check("no", "证书已被替换", "The certificate has been replaced"),
    "suspended": Check("no", "证书已暂停", "The certificate is suspended"),
    "revoked": Check("no", "证书已撤销", "The certificate has been revoked"),
}


def check_status(status: Status) -> Check:
    """Tell whether a certificate in this status holds."""
    return _STANDINGS[status]


def check_finished(class_id: str, status: str) -> None:
    if status != "finished":
        raise ClassNotFinished(class_id, status)


def check_due(class_id: str, *, arrived: int, expected: int, due: int) -> None:
    if arrived < expected:
        raise CompletionStillArriving(class_id, arrived, expected)
    if due == 0:
        raise NothingToCertify(class_id)


def masked_name(name: str) -> str:
    """Keep the first character of each word: 王小明 → 王**, Ann Lee → A** L**."""
    return re.sub(r"(\w)(\w*)", lambda word: word[1] + "*" * len(word[2]), name)


def verdict(signature: Answer, status: Answer, issuer: Answer) -> Check:
    """Sum up a verification in one sentence; the log confirms a certificate, it does not make it valid."""
    if "no" in (signature, issuer):
        return Check("no", "证书未通过核验", "This certificate did not pass verification")
    if status == "no":
        return Check("no", "证书目前无效", "This certificate is not valid at present")
    if "could_not_check" in (signature, issuer):
        return Check("could_not_check", "暂时无法完成核验", "Verification could not be completed")
    return Check("yes", "证书真实有效", "This certificate is authentic and valid")
