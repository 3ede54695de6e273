"""Who may carry which kinds of class, after assessment by a third party and open selection (C13).

`designated → suspended` when an evaluation of the cycle before bars the institution, `suspended →
designated` when that is lifted (Q14).
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

DesignationStatus = Literal["designated", "suspended"]

DESIGNATED: DesignationStatus = "designated"
SUSPENDED: DesignationStatus = "suspended"

NEVER_TEACH = frozenset({"operator", "bureau", "department", "evaluator"})
"""Who plans, supervises or evaluates the training does not teach it. Any other body may (C14, 等单位)."""


@dataclass(eq=False)
class DesignationUnknown(Exception):
    designation_id: str


@dataclass(eq=False)
class AlreadyDesignated(Exception):
    """The institution has its designation of this cycle."""

    institution_id: str


@dataclass(eq=False)
class KindNeverTeaches(Exception):
    """Organisations of this kind carry no classes."""

    institution_id: str
    kind: str


@dataclass(eq=False)
class KindTakesNoDesignation(Exception):
    """Nobody is designated for classes of this kind in this cycle."""

    class_kind: str


@dataclass(eq=False)
class EvidenceMissing(Exception):
    """The cycle asks for this record of how the institution was chosen (C13)."""

    reference: str


@dataclass(eq=False)
class InstitutionNotDesignated(Exception):
    """The institution has no designation for this kind of class."""

    institution_id: str
    class_kind: str


def check_may_teach(institution_id: str, kind: str) -> None:
    if kind in NEVER_TEACH:
        raise KindNeverTeaches(institution_id, kind)


def check_class_kind(class_kind: str, *, takes_designation: bool) -> None:
    if not takes_designation:
        raise KindTakesNoDesignation(class_kind)


def check_evidence(reference: str, value: str | None, *, asked: bool) -> None:
    if asked and value is None:
        raise EvidenceMissing(reference)


def check_covered(institution_id: str, class_kind: str, kinds: Collection[str]) -> None:
    """Refuse an institution that is not designated for this kind of class."""
    if class_kind not in kinds:
        raise InstitutionNotDesignated(institution_id, class_kind)
