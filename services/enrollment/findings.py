"""Findings of screening: a stable code, how grave it is, where, and who can put it right."""

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "warning", "remark"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`pointer` is a JSON pointer into the item; `fixed_by` who can act (as in problem documents)."""

    code: str
    severity: Severity
    pointer: str
    fixed_by: str = "submitter"
    zh: str
    en: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def has_error(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)
