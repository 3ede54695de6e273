"""Synthetic enterprises and managers: every identifier passes its checks, none belongs to anyone.

Credit codes carry the body `DEM` (no register has given it out); card numbers carry birth years
of 1880-1899, so no living person can hold one; names are built from the words for rehearsal. The
same seed gives the same people, which is what lets two runs be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
DIGITS_ZH = "〇一二三四五六七八九"
MANUFACTURING_SHARE = 0.6
TIER_SHARE = 0.5
POSTS = ("总经理", "董事长", "副总经理", "财务总监", "技术总监")
MANUFACTURING = ("3511", "3670", "2710", "3824", "3042", "2926", "3311", "1491")
OTHER_INDUSTRIES = ("6513", "7320", "5114", "4710", "5433")


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A synthetic enterprise in the jurisdiction of the department with this code."""

    uscc: str
    name: str
    department_code: str
    industry_code: str
    employees: int
    revenue_wan: int
    assets_wan: int
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class Manager:
    name: str
    card_number: str
    phone: str
    post: str
    enterprise: Enterprise


def organisation_code(body: str) -> str:
    """Complete eight characters to an organisation code (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(char, 36) for weight, char in zip(weights, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def credit_code(region: str, number: int) -> str:
    """Make the unified social credit code (GB 32100-2015) of synthetic enterprise `number`."""
    body = "91" + region + organisation_code(f"DEM{number:05d}")
    total = sum(CREDIT_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(body))
    return body + CREDIT_ALPHABET[(31 - total % 31) % 31]


def card_number(region: str, born: date, sequence: int) -> str:
    """Make a resident card number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(char) for weight, char in zip(weights, body, strict=True))
    return body + "10X98765432"[total % 11]


def mistyped(number: str) -> str:
    """Break the check character of a card number, as a hurried clerk would."""
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def make_managers(
    count: int, department_codes: list[str], tiers: Sequence[str] = (), *, seed: int, first: int = 0
) -> list[Manager]:
    """Make `count` managers from number `first` on, each of an enterprise of its own, in all departments.

    Half of the enterprises hold one of the `tiers`.
    """
    chance = Random(seed)
    return [_manager(number, department_codes, tiers, chance) for number in range(first, first + count)]


def _manager(number: int, department_codes: list[str], tiers: Sequence[str], chance: Random) -> Manager:
    code = department_codes[number % len(department_codes)]
    region = "659001" if code == "660000" else code[:4] + "01"
    manufacturing = chance.random() < MANUFACTURING_SHARE
    employees = chance.randint(20, 280)
    enterprise = Enterprise(
        uscc=credit_code(region, number),
        name=f"演练企业{number:05d}有限公司(合成)",
        department_code=code,
        industry_code=chance.choice(MANUFACTURING if manufacturing else OTHER_INDUSTRIES),
        employees=employees,
        revenue_wan=employees * chance.randint(30, 110),
        assets_wan=employees * chance.randint(20, 90),
        tier=chance.choice(tiers) if tiers and chance.random() < TIER_SHARE else None,
    )
    born = date(1880, 1, 1) + timedelta(days=number % 7300)
    return Manager(
        name=chance.choice(SURNAMES) + "演" + "".join(DIGITS_ZH[int(d)] for d in str(number)),
        card_number=card_number(region, born, 1 + number // 7300),
        phone=f"1380000{number % 10000:04d}",
        post=chance.choice(POSTS),
        enterprise=enterprise,
    )
