"""The program behind `make bench`.

All figures together take a quarter of an hour, most of it `cost_growth`, which plays for 20,000 managers.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console

from tests.bench import (
    class_list,
    cycle,
    during_import,
    figures,
    handling,
    imports,
    latency,
    process,
    rosters,
)

MEASURES: Mapping[str, figures.Measure] = {
    "ready_seconds": process.readiness,
    "rss_mib": process.memory,
    "handled_cpu_ms_embedded": handling.embedded,
    "commit_to_handled_p50_ms": latency.commit_to_handled,
    "commit_to_handled_p99_ms": latency.commit_to_handled,
    "class_list_p95_ms": class_list.pages,
    "import_csv_vs_copy": imports.from_csv,
    "import_xlsx_vs_copy": imports.from_workbook,
    "p99_during_import_ms": during_import.waits,
    "roster_2100_s": rosters.approval,
    "roster_21000_s": rosters.approval,
    "cycle_seconds": cycle.seconds,
    "cost_growth": cycle.growth,
}


async def measure(names: list[str]) -> dict[str, figures.Measured]:
    found: dict[str, figures.Measured] = {}
    console = Console(stderr=True)
    for name in names:
        if name not in found:
            console.print(f"measuring {name} …")
            found |= await MEASURES[name]()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(MEASURES))
    only = parser.parse_args().only
    found = asyncio.run(measure([only] if only else list(MEASURES)))
    home = Path(os.environ.get("LINGJUN_HOME", "var"))
    figures.show(found, Console())
    figures.write(found, home)
    return 0 if all(figure.passed for figure in found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
