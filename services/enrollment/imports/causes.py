"""Root causes: the findings of an import grouped so that one look tells what is to be mended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MOST_CELLS = 5
"""So many cells are named of each cause."""

_RANK = {"error": 0, "warning": 1, "remark": 2}

Cause = dict[str, Any]


def add_findings(causes: Sequence[Cause], findings: Iterable[Mapping[str, Any]]) -> list[Cause]:
    """Count findings into the causes so far; the same fault in the same column is one cause."""
    grouped = {_kind(cause): dict(cause) for cause in causes}
    for finding in findings:
        cause = grouped.setdefault(
            _kind(finding),
            {
                **{name: finding[name] for name in ("code", "column", "severity", "zh", "en", "fixed_by")},
                "count": 0,
                "cells": [],
            },
        )
        cause["count"] += 1
        if len(cause["cells"]) < MOST_CELLS:
            cause["cells"] = [*cause["cells"], finding["cell"]]
    return sorted(grouped.values(), key=_order)


def _kind(one: Mapping[str, Any]) -> tuple[str, str | None]:
    return one["code"], one["column"]


def _order(cause: Cause) -> tuple[int, int, str, str]:
    return _RANK[cause["severity"]], -cause["count"], cause["code"], cause["column"] or ""
