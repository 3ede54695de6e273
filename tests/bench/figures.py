"""What a figure is, how the table and `bench.json` are written."""

import json
import statistics
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A value beside its bar; `limit_value` is the same job done by the limit program, where one exists.

    `pass` in the file; lower is better unless it is a share of what the limit program reaches.
    """

    value: float
    unit: str
    limit_value: float | None
    bar: float
    higher_is_better: bool = False

    @property
    def passed(self) -> bool:
        return self.value >= self.bar if self.higher_is_better else self.value <= self.bar

    def as_json(self) -> dict[str, float | str | bool | None]:
        return {**asdict(self), "pass": self.passed}


Measure = Callable[[], Awaitable[Mapping[str, Measured]]]
"""Measures one or several figures that need the same set-up."""


async def median_of(rounds: int, measure: Callable[[], Awaitable[float]]) -> float:
    """Take the median of several rounds: one round says more about the machine than about us."""
    return statistics.median([await measure() for _ in range(rounds)])


def show(figures: Mapping[str, Measured], console: Console) -> None:
    table = Table(title="bench", title_justify="left")
    for column in ("figure", "value", "unit", "limit", "bar", ""):
        table.add_column(column, justify="left" if column in {"figure", "unit"} else "right")
    for name, figure in sorted(figures.items()):
        limit = "-" if figure.limit_value is None else f"{figure.limit_value:g}"
        bound = "≥" if figure.higher_is_better else "≤"
        verdict = "[green]ok[/green]" if figure.passed else "[red]missed[/red]"
        table.add_row(name, f"{figure.value:.3g}", figure.unit, limit, f"{bound} {figure.bar:g}", verdict)
    console.print(table)


def write(figures: Mapping[str, Measured], home: Path) -> None:
    """Write the figures over those of the same names in `bench.json`; others stay."""
    path = home / "bench.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    kept |= {name: figure.as_json() for name, figure in figures.items()}
    home.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")
