"""What two cycles, or two revisions of one, differ in: told of the packs as they are kept (C01)."""

from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.cycles.queries import get_kept_pack
from shared.events.policy import Difference, diff
from shared.schemas import View

Aspect = Literal["rule", "wording", "source"]


class CitationView(View):
    source: str | None
    clause: tuple[str, ...]
    decision: tuple[str, ...]


class DifferenceView(View):
    """One difference, as data and as sentences; `place` is that in the newer pack, if it is there."""

    place: str
    kind: Literal["added", "removed", "changed"]
    aspect: Aspect
    old: Any
    new: Any
    old_citation: CitationView | None
    new_citation: CitationView | None
    zh: str
    en: str

    @classmethod
    def of(cls, difference: Difference) -> "DifferenceView":
        return cls.model_validate(difference)


class PackDiffView(View):
    """What the pack of `cycle_id` says otherwise than that of `against`; the counts are of all aspects."""

    cycle_id: str
    revision: int
    against: str
    against_revision: int
    rules: int
    wordings: int
    sources: int
    differences: list[DifferenceView]


async def get_diff(
    session: AsyncSession,
    cycle_id: str,
    *,
    revision: int | None,
    against: str,
    against_revision: int | None,
    aspect: Aspect | None,
) -> PackDiffView:
    """Compare two packs in any state; the present revision of each unless one is named."""
    new = await get_kept_pack(session, cycle_id, revision)
    old = await get_kept_pack(session, against, against_revision)
    found = diff(old.pack, new.pack)
    told = [one.aspect for one in found]
    return PackDiffView(
        cycle_id=cycle_id,
        revision=new.revision,
        against=against,
        against_revision=old.revision,
        rules=told.count("rule"),
        wordings=told.count("wording"),
        sources=told.count("source"),
        differences=[DifferenceView.of(one) for one in found if aspect in {None, one.aspect}],
    )
