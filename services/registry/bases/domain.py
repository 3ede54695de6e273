"""Which enterprise is a teaching base, and from when until when (标杆企业教学基地, C27).

`designated → ended`, on a day and for a reason, before its validity runs out; an enterprise whose base has
ended may be designated anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

BaseStatus = Literal["designated", "ended"]
EndReason = Literal["withdrawn", "enterprise_asked", "requirements_unmet", "enterprise_closed"]

DESIGNATED: BaseStatus = "designated"
ENDED: BaseStatus = "ended"

END_REASONS: Mapping[EndReason, tuple[str, str]] = {
    "withdrawn": ("主管方撤销。", "Taken back by whoever designates."),
    "enterprise_asked": ("企业申请退出。", "The enterprise asked for it."),
    "requirements_unmet": ("不再符合条件。", "It meets the requirements no more."),
    "enterprise_closed": ("企业终止经营。", "The enterprise is closed."),
}


@dataclass(eq=False)
class BaseUnknown(Exception):
    base_id: str


@dataclass(eq=False)
class CreditCodeInvalid(Exception):
    """The unified social credit code does not hold by its check character (GB 32100-2015)."""

    uscc: str


@dataclass(eq=False)
class BaseDesignatedAlready(Exception):
    """The enterprise is a base of the cycle, which has not ended."""

    uscc: str


@dataclass(eq=False)
class ValidityReversed(Exception):
    valid_from: date
    valid_until: date


@dataclass(eq=False)
class BaseEnded(Exception):
    base_id: str
    ended_on: date


@dataclass(eq=False)
class EndOutsideValidity(Exception):
    """A base ends within the time for which it was designated."""

    ended_on: date
    valid_from: date
    valid_until: date


@dataclass(eq=False)
class BaseNotValid(Exception):
    """On that day the enterprise is no teaching base."""

    base_id: str
    on: date


def check_validity(valid_from: date, valid_until: date) -> None:
    if valid_until < valid_from:
        raise ValidityReversed(valid_from, valid_until)


def check_end(base_id: str, ended_on: date | None, new: date, valid_from: date, valid_until: date) -> None:
    """Hold the end of a base to the first one, within its validity."""
    if ended_on is not None:
        raise BaseEnded(base_id, ended_on)
    if not valid_from <= new <= valid_until:
        raise EndOutsideValidity(new, valid_from, valid_until)


def is_valid(on: date, valid_from: date, valid_until: date, ended_on: date | None) -> bool:
    """Tell whether a base is one on a day; its last day counts, the day on which it ended does not."""
    return valid_from <= on <= valid_until and (ended_on is None or on < ended_on)
