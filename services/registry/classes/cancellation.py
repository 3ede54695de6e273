"""Why a class is called off, and what that takes from the floors of its cycle (C06)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

CancellationCause = Literal[
    "too_few_trainees",
    "institution_unable",
    "place_unavailable",
    "funds_lacking",
    "merged_into_another",
    "force_majeure",
    "other",
]

CAUSES: Mapping[CancellationCause, tuple[str, str]] = MappingProxyType(
    {
        "too_few_trainees": ("生源不足", "too few trainees"),
        "institution_unable": ("承担单位无法开班", "who would hold the class cannot"),
        "place_unavailable": ("场地无法使用", "the place cannot be used"),
        "funds_lacking": ("经费未落实", "funds are lacking"),
        "merged_into_another": ("并入其他班级", "merged into another class"),
        "force_majeure": ("不可抗力", "force majeure"),
        "other": ("其他原因", "another reason"),
    }
)
"""Each coded cause in Chinese and English; the words of who cancels say the rest."""


@dataclass(eq=False)
class CancellationUnseen(Exception):
    """Who cancels has to rest on the consequences that were shown (`If-Match`)."""

    class_id: str


@dataclass(frozen=True, slots=True)
class Fall:
    """What a floor of persons loses: heads counted now and after, against the least number."""

    code: str
    zh: str
    en: str
    min_persons: int
    heads: int
    heads_after: int

    @property
    def falls_below(self) -> bool:
        return self.heads >= self.min_persons > self.heads_after


def check_seen(class_id: str, if_match: int | None) -> None:
    if if_match is None:
        raise CancellationUnseen(class_id)


def measure_falls(floors: Iterable[tuple[str, str, str, int]], *, heads: int, lost: int) -> Iterable[Fall]:
    """Tell of each floor of persons (code, words, least number) what it loses with these heads."""
    return (
        Fall(code, zh, en, least, heads=heads, heads_after=heads - lost) for code, zh, en, least in floors
    )
