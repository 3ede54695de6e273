"""Who is the same person, and how much of a person is shown.

The published match rule: the same document is the same person; a name never decides. Two documents
of one person stay two persons until someone merges them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

_BORN = slice(6, 14)
"""Where the numbers of eighteen characters say when their holder was born."""

_NUMBERS_WITH_BIRTH = re.compile(r"[0-9]{17}[0-9X]")
_MOBILE = re.compile(r"1[0-9]{10}")
_COUNTRY = re.compile(r"^(?:\+|00)86")

_MOST_SHOWN = (3, 4)
"""How many characters of a number stay readable at its start and its end, at most."""

_PERMIT_OF_LIFE = 9
"""H12345678: the letter and eight digits stay with the holder, two more digits count the reissues."""


ERASED = "已删除"
"""What stands where something of an erased person stood: there was something, and no more is told."""


class Identity(NamedTuple):
    """A person as someone stated it; `number` and `name` in canonical form."""

    kind: str
    number: str
    issuer: str | None
    name: str
    phone: str | None


@dataclass(eq=False)
class PersonNotFound(Exception):
    person_id: str


@dataclass(eq=False)
class PersonErased(Exception):
    """Who the person was is not known here any more, for good; what was counted stays counted."""

    person_id: str
    erased_at: datetime | None


def birth_of(kind: str, number: str) -> str | None:
    """Read the day of birth from a number in canonical form; permits and passports do not tell it."""
    tells = kind in {"resident_card", "residence_permit", "permanent_resident_card"}
    return number[_BORN] if tells and _NUMBERS_WITH_BIRTH.fullmatch(number) else None


def phone_key(phone: str) -> str:
    """Reduce a phone number to its digits, without the prefix of the country."""
    if _MOBILE.fullmatch(phone):  # nearly all of them
        return phone
    return re.sub(r"[^0-9]", "", _COUNTRY.sub("", phone.replace(" ", "")))


def match_key(kind: str, number: str, issuer: str | None) -> str:
    """Reduce a document number in canonical form to what names its holder.

    Passport numbers are unique per issuing state only, so the state belongs to the key.
    """
    match kind:
        case "hk_macao_permit":
            return number[:_PERMIT_OF_LIFE]
        case "passport":
            return f"{(issuer or '').upper()}:{number}"
        case _:
            return number


def canonical_name(name: str) -> str:
    """Fold the spaces of a name: none between Chinese characters, one between words."""
    words = " ".join(name.split())
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", words)


def mask_name(name: str) -> str:
    """Show the first character: 张*, J***. The number of stars tells nothing beyond three."""
    return name[:1] + "*" * min(max(len(name) - 1, 1), 3)


def mask_number(number: str) -> str:
    """Show at most the first three and last four characters, and never more than two in five."""
    shown = len(number) * 2 // 5
    head = min(_MOST_SHOWN[0], shown // 2)
    tail = min(_MOST_SHOWN[1], shown - head)
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]
