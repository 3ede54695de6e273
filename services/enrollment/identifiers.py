"""Checks of identifiers: unified social credit codes, resident cards and the other documents of a person.

A `fault` refuses the number, a `remark` only tells: in 2.16 million real register rows every
fortieth valid code has region digits that stand in no list. Nothing here keeps or logs a number.
"""

import re
from datetime import date
from functools import lru_cache
from operator import mul
from typing import Literal, NamedTuple, get_args

from stdnum.cn import uscc

from services.enrollment.reference import region_status

DocumentKind = Literal[
    "resident_card",
    "residence_permit",
    "hk_macao_permit",
    "taiwan_permit",
    "permanent_resident_card",
    "passport",
]
"""居民身份证, 港澳台居民居住证, 港澳居民来往内地通行证, 台湾居民来往大陆通行证, 永久居留身份证, 护照."""

DOCUMENT_KINDS: tuple[DocumentKind, ...] = get_args(DocumentKind)

# Digits are written [0-9]: \d would let the digits of other scripts pass.
_USCC_LENGTH = 18
_OF_ENTERPRISES = "91"
"""GB 32100-2015: 92 are self-employed people, 93 farmers' cooperatives, 12 public bodies."""
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_CARD = re.compile(r"[0-9]{17}[0-9X]")
_FIRST_GENERATION = re.compile(r"[0-9]{15}")
_PERMITS = {
    "hk_macao_permit": re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?"),
    "taiwan_permit": re.compile(r"[0-9]{8}(?:[0-9]{2}[A-Z])?"),
    "passport": re.compile(r"(?=.*[0-9])[0-9A-Z]{5,12}"),
}
_PERMANENT_FIRST_EDITION = re.compile(r"[A-Z]{3}[0-9]{12}")
_PERMANENT_SECOND_EDITION = re.compile(r"9[0-9]{16}[0-9X]")
_PERMIT_REGIONS = frozenset({"810000", "820000", "830000"})
_CARD_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_WEIGHTS_OF_ZEROS = ord("0") * sum(_CARD_WEIGHTS)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_FOLDED = re.compile(r"[0-9A-Z]*")
_SPACES = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\ufeff-\u2010\u2011\u2012\u2013\u2014\u2212\uff0d"
_CANONICAL = (
    {0xFEE0 + code: chr(code).upper() for code in range(0x21, 0x7F)}
    | {code: chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
    | dict.fromkeys(map(ord, _SPACES), None)
)


class Checked(NamedTuple):
    """A number in its canonical form, with the codes of what is wrong and of what is odd."""

    value: str
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def normalise(number: str) -> str:
    """Fold full-width characters, case, spaces and hyphens; other look-alikes stay and are refused."""
    if _FOLDED.fullmatch(number):  # nearly all of them
        return number
    return number.translate(_CANONICAL)


@lru_cache(maxsize=8192)
def check_uscc(code: str) -> Checked:
    """Check a unified social credit code (GB 32100-2015); many trainees come from one enterprise."""
    value = normalise(code)
    if len(value) != _USCC_LENGTH:
        return Checked(value, ("uscc_length",))
    if not _USCC.fullmatch(value):
        return Checked(value, ("uscc_form",))
    if uscc.calc_check_digit(value) != value[-1]:
        return Checked(value, ("uscc_check_character",))
    remarks = [] if value.startswith(_OF_ENTERPRISES) else ["uscc_category"]
    remarks += _region_remarks("uscc", value[2:8])
    if not organisation_code_holds(value[8:17]):
        remarks.append("uscc_organisation_code")
    return Checked(value, (), tuple(remarks))


def organisation_code_holds(code: str) -> bool:
    """Check the ninth character of an organisation code (GB 11714-1997)."""
    total = sum(
        int(character, 36) * weight for character, weight in zip(code, _ORGANISATION_WEIGHTS, strict=False)
    )
    return "0123456789X0"[11 - total % 11] == code[8]


def check_document(kind: str, number: str, today: date) -> Checked:
    """Check the number of a person's document; `today` decides whether a birth date lies ahead."""
    value = normalise(number)
    match kind:
        case "resident_card":
            return _check_card(value, today)
        case "residence_permit":
            if value[:6] not in _PERMIT_REGIONS:
                return Checked(value, ("document_form",))
            return Checked(value, _check_card(value, today).faults)
        case "permanent_resident_card":
            return _check_permanent_resident(value, today)
        case "hk_macao_permit" | "taiwan_permit" | "passport":
            return Checked(value, () if _PERMITS[kind].fullmatch(value) else ("document_form",))
        case _:
            return Checked(value, ("document_kind",))


def _check_card(value: str, today: date) -> Checked:
    """Check a number by GB 11643-1999; its area is that of first registration, so retired ones stay valid."""
    if _FIRST_GENERATION.fullmatch(value):
        return Checked(value, ("document_first_generation",))
    if not _CARD.fullmatch(value):
        return Checked(value, ("document_form",))
    if _check_character(value) != value[17]:
        return Checked(value, ("document_check_character",))
    return Checked(value, _birth_faults(value[6:14], today), _region_remarks("document", value[:6]))


def _check_character(value: str) -> str:
    """Work out the eighteenth character of a card (ISO 7064 MOD 11-2) from its first seventeen digits."""
    digits = value[:17].encode()  # whose codes exceed their values by that of 0
    return "10X98765432"[(sum(map(mul, _CARD_WEIGHTS, digits)) - _CARD_WEIGHTS_OF_ZEROS) % 11]


def _check_permanent_resident(value: str, today: date) -> Checked:
    if _PERMANENT_FIRST_EDITION.fullmatch(value):
        return Checked(value)
    if not _PERMANENT_SECOND_EDITION.fullmatch(value):
        return Checked(value, ("document_form",))
    # The rule of its check character is not in a published standard: a mismatch is told, not refused.
    holds = _check_character(value) == value[17]
    return Checked(value, _birth_faults(value[6:14], today), () if holds else ("document_check_character",))


def _birth_faults(digits: str, today: date) -> tuple[str, ...]:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return ("document_birth_date",)
    return ("document_birth_date_ahead",) if born > today else ()


def _region_remarks(what: str, code: str) -> tuple[str, ...]:
    status = region_status(code)
    return () if status == "current" else (f"{what}_region_{status}",)
