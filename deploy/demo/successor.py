"""The invented pack of the cycle after the played one: the same rules a year later, plainly marked.

It exists so that a suspension has a cycle to bar from (C39, Q14); no notice stands behind it.
"""

import re
from copy import deepcopy
from datetime import date
from typing import Any

from shared.events.policy import PolicyPack, parse_pack
from shared.events.policy.vocabulary import Span

_YEAR = re.compile(r"[0-9]{4}")


def invent_successor(pack: PolicyPack) -> PolicyPack:
    """Move the played cycle on by a year, let it follow the played one, and say that it is invented."""
    document: dict[str, Any] = deepcopy(pack.document())
    label = _next(pack.label)
    notice, cycle = document["notice"], document["cycle"]
    signed_on = _year_later(notice["signed_on"])
    notice |= {
        "number": f"演练虚构〔{signed_on[:4]}〕1号",
        "title": f"（演练虚构，并无此通知）{label}年度",
        "signed_on": signed_on,
        "source": f"演练虚构，各项沿用 {notice['number']}",
    }
    if "published_on" in notice:
        notice["published_on"] = _year_later(notice["published_on"])
    notice.pop("sha256", None)
    cycle |= {"label": label, "follows": pack.cycle_id}
    for deadline in document.get("deadlines", ()):
        deadline["until"] = _year_later(deadline["until"])
    return parse_pack(document)


def _next(label: str) -> str:
    """Count every year in a label on by one; a label without a year is marked instead."""
    moved = _YEAR.sub(lambda year: str(int(year.group()) + 1), label)
    return moved if moved != label else f"{label}-next"


def _year_later(day: str) -> str:
    """Move a day to the next year; a leap day becomes the last of its month."""
    return Span(months=12).after(date.fromisoformat(day)).isoformat()
