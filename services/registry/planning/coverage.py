"""What the training plans of a cycle cover: directions, key fields, modes and methods (C11, C12, C41)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.classes.domain import APPROVED, FILED, FINISHED, RUNNING
from services.registry.classes.models import Class, TrainingPlan
from services.registry.cycles.queries import get_kept_pack
from services.registry.planning.schemas import CoverageView, MethodCoverage, PairCoverage, TermCoverage
from shared.events.policy import PolicyPack, Term

Course = Mapping[str, Any]

_COUNTED = (FILED, APPROVED, RUNNING, FINISHED)


@dataclass(slots=True)
class Tally:
    """Minutes and classes by some word; a class counts once for each word that its courses have."""

    minutes: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)

    def add(self, courses: Iterable[Course], words_of: str) -> set[str]:
        """Count the courses of one class; answer the words that they have."""
        here: set[str] = set()
        for course in courses:
            said = course.get(words_of) or ()
            for word in {said} if isinstance(said, str) else set(said):
                self.minutes[word] += course["minutes"]
                here.add(word)
        self.classes.update(here)
        return here


async def get_coverage(session: AsyncSession, cycle_id: str, *, lead_id: str | None) -> CoverageView:
    """Report on the plans of all classes of a cycle, or of those that one organisation leads."""
    pack = (await get_kept_pack(session, cycle_id)).pack
    asked = (
        select(Class.id, TrainingPlan.courses)
        .join(TrainingPlan, TrainingPlan.class_id == Class.id)
        .where(Class.cycle_id == cycle_id, Class.status.in_(_COUNTED))
        .order_by(Class.id)
    )
    if lead_id is not None:
        asked = asked.where(Class.lead_id == lead_id)
    plans = (await session.execute(asked)).all()
    return report(pack, {row.id: row.courses for row in plans})


def report(pack: PolicyPack, plans: Mapping[str, Sequence[Course]]) -> CoverageView:
    """Count the courses of each class by the words of the pack."""
    tallies = {words: Tally() for words in ("directions", "tags", "mode", "method")}
    modes_of: dict[str, set[str]] = {}
    for class_id, courses in plans.items():
        had = {words: tally.add(courses, words) for words, tally in tallies.items()}
        modes_of[class_id] = had["mode"]
    terms = {
        "directions": _terms(tallies["directions"], pack.course_directions),
        "tags": _terms(tallies["tags"], pack.curriculum_tags),
        "mode": _terms(tallies["mode"], pack.session_modes),
    }
    methods = tallies["method"]
    return CoverageView(
        cycle_id=pack.cycle_id,
        classes=len(plans),
        minutes=sum(course["minutes"] for courses in plans.values() for course in courses),
        directions=terms["directions"],
        tags=terms["tags"],
        modes=terms["mode"],
        pairs=_pairs(pack, modes_of),
        methods=[
            MethodCoverage(method=method, classes=methods.classes[method], minutes=methods.minutes[method])
            for method in sorted(methods.classes)
        ],
        missing=[term.code for group in terms.values() for term in group if not term.classes],
    )


def _terms(tally: Tally, terms: Iterable[Term]) -> list[TermCoverage]:
    return [
        TermCoverage(
            code=term.code,
            zh=term.zh,
            en=term.en,
            classes=tally.classes[term.code],
            minutes=tally.minutes[term.code],
        )
        for term in terms
    ]


def _pairs(pack: PolicyPack, modes_of: Mapping[str, set[str]]) -> list[PairCoverage]:
    paired: defaultdict[str, list[str]] = defaultdict(list)
    for mode in pack.session_modes:
        if mode.pair is not None:
            paired[mode.pair].append(mode.code)
    return [
        PairCoverage(
            pair=pair,
            modes=modes,
            complete=sum(had.issuperset(modes) for had in modes_of.values()),
            incomplete_ids=[class_id for class_id, had in modes_of.items() if not had.issuperset(modes)],
        )
        for pair, modes in paired.items()
    ]
