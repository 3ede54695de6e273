"""Reference data of national standards: administrative divisions, industries, size thresholds, departments.

Read from the files beside this module, once per process. Figures of the size thresholds are integer
fen, because a threshold of 80,000 万 is compared with exact money.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

RegionStatus = Literal["current", "retired", "unknown"]

_HERE = Path(__file__).parent

FEN_PER_WAN = 1_000_000
"""One 万 of CNY is 10,000 yuan of 100 fen."""


@dataclass(frozen=True, slots=True)
class Industry:
    """One row of GB/T 4754-2017; `code` starts with its section letter (`C3824`)."""

    code: str
    level: str
    name_zh: str
    name_en: str
    section: str


@dataclass(frozen=True, slots=True)
class SizeCategory:
    """A line of the size standard: floors by step, each figure a head count or integer fen."""

    id: str
    name_zh: str
    name_en: str
    industries: tuple[str, ...]
    excluding: tuple[str, ...]
    floors: Mapping[str, Mapping[str, int]]

    def covers(self, industry_code: str) -> bool:
        """Tell whether an industry falls under this line; the codes nest by their prefix."""
        return industry_code.startswith(self.industries) and not (
            self.excluding and industry_code.startswith(self.excluding)
        )


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """One of the 37 departments (C02). Never scope by a prefix of `code`: 3302 is not inside 33."""

    code: str
    name_zh: str
    name_en: str
    kind: str


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def _divisions() -> Mapping[str, RegionStatus]:
    return MappingProxyType(
        {
            row["code"]: "current" if row["status"] == "current" else "retired"
            for row in _rows("divisions.csv")
        }
    )


def region_status(code: str) -> RegionStatus:
    """Look up six digits in every edition of GB/T 2260; development zones stand in none."""
    return _divisions().get(code, "unknown")


@cache
def industries() -> Mapping[str, Industry]:
    """List GB/T 4754-2017 by code, also by the bare number (`3824`) that most forms carry."""
    found: dict[str, Industry] = {}
    for row in _rows("industries.csv"):
        industry = Industry(row["code"], row["level"], row["name_zh"], row["name_en"], row["section"])
        found[industry.code] = industry
        if industry.level != "section":
            found[industry.code[1:]] = industry
    return MappingProxyType(found)


@cache
def departments() -> tuple[DepartmentRow, ...]:
    return tuple(
        DepartmentRow(row["code"], row["name_zh"], row["name_en"], row["kind"])
        for row in _rows("departments.csv")
    )


@cache
def size_categories() -> tuple[SizeCategory, ...]:
    document = json.loads((_HERE / "sme_thresholds.json").read_text(encoding="utf-8"))
    return tuple(
        SizeCategory(
            id=line["id"],
            name_zh=line["name_zh"],
            name_en=line["name_en"],
            industries=tuple(line["gbt4754_2017"]),
            excluding=tuple(line["excluding"]),
            floors=MappingProxyType(
                {step: _figures(line[f"{step}_floor"]) for step in ("large", "medium", "small")}
            ),
        )
        for line in document["categories"]
    )


def size_category(industry_code: str) -> SizeCategory | None:
    """Find the line of the size standard for an industry; None where the standard has none (finance, …)."""
    return next((line for line in size_categories() if line.covers(industry_code)), None)


def _figures(floor: Mapping[str, int]) -> Mapping[str, int]:
    return MappingProxyType(
        {
            name.replace("_wan", "_fen"): value * FEN_PER_WAN if name.endswith("_wan") else value
            for name, value in floor.items()
        }
    )
