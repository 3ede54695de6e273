"""What is said of a reviewed roster in sentences: how many rows were decided how, why, by whom, by what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

DECISIONS: Mapping[str | None, tuple[str, str]] = {
    "approve": ("通过", "approved"),
    "reject": ("不予通过", "rejected"),
    "return": ("退回", "returned"),
    None: ("未审定", "not decided"),
}
"""The decisions about a row in both languages, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Rows that were not approved for one reason."""

    decision: str
    reason: str
    positions: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a notice says; names are those in the language of the sentences."""

    title: str
    number: int
    approved: bool
    day: date
    reviewer: str
    counts: Mapping[str | None, int]
    grounds: Sequence[Ground]
    return_reason: str | None
    notice: str
    source: str
    revision: int

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def told(self) -> list[tuple[tuple[str, str], int]]:
        """The words of each decision that was taken, and about how many rows."""
        return [(DECISIONS[one], number) for one, number in self.counts.items() if number]


def gather_grounds(rows: Iterable[tuple[int, str, str]]) -> list[Ground]:
    """Gather rows that were not approved by decision and reason: position, decision, reason."""
    found: dict[tuple[str, str], list[int]] = {}
    for position, decision, reason in sorted(rows):
        found.setdefault((decision, reason), []).append(position)
    order = list(DECISIONS)
    return [
        Ground(decision, reason, positions)
        for (decision, reason), positions in sorted(found.items(), key=lambda one: order.index(one[0][0]))
    ]


def spans(positions: Iterable[int]) -> str:
    """Write positions short: 1-3, 7."""
    runs = groupby(enumerate(sorted(positions)), key=lambda one: one[1] - one[0])
    ends = [(run[0][1], run[-1][1]) for run in (list(items) for _, items in runs)]
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def chinese(review: Review) -> list[str]:
    """Tell the outcome, what it rests on, and each reason with its rows."""
    outcome = "已核准" if review.approved else f"已退回，理由：{review.return_reason}"
    reviewed = f"于 {review.day.isoformat()} 由{review.reviewer}审核，{outcome}"
    return [
        f"“{review.title}”第 {review.number} 号名单{reviewed}。",
        f"名单共 {review.rows} 人：{'，'.join(f'{word[0]} {number} 人' for word, number in review.told)}。",
        f"依据：{review.notice}，{review.source}（政策包第 {review.revision} 次修订）。",
        *(
            f"第 {spans(one.positions)} 行{DECISIONS[one.decision][0]}：{one.reason}"
            for one in review.grounds
        ),
    ]


def english(review: Review) -> list[str]:
    """Tell the same in English."""
    outcome = "approved" if review.approved else f"returned: {review.return_reason}"
    reviewed = f"was reviewed by {review.reviewer} on {review.day.isoformat()} and {outcome}"
    return [
        f"Roster {review.number} of “{review.title}” {reviewed}.",
        f"It names {review.rows}: {', '.join(f'{number} {word[1]}' for word, number in review.told)}.",
        f"Under {review.notice}, {review.source} (revision {review.revision} of the policy pack).",
        *(
            f"Rows {spans(one.positions)} {DECISIONS[one.decision][1]}: {one.reason}"
            for one in review.grounds
        ),
    ]
