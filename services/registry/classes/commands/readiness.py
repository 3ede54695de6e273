"""What the pack asks of a class that is filed, approved or revised: designations, a plan, the consents."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.bases.queries import check_bases_valid
from services.registry.classes.blocks import check_blocks, check_teaching_days
from services.registry.classes.documents import facts_of, held_plan
from services.registry.classes.domain import PlanMissing, check_consents
from services.registry.classes.models import Class
from services.registry.designations.queries import check_designated
from services.registry.organisations.queries import get_organisations
from shared.events.policy import Blocks, PolicyPack


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A class as it is or would be: `facts` and `plan` as documents, `filer_id` who consents by filing it.

    `consents` names who consented to this plan by itself.
    """

    class_id: str
    cycle_id: str
    filed_by: str
    filer_id: str
    facts: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    consents: Collection[str] = ()

    @property
    def carriers(self) -> list[str]:
        return sorted({self.facts["lead_id"], *self.facts["institution_ids"]})

    @property
    def involved(self) -> set[str]:
        partners = (one["organisation_id"] for one in self.facts["co_organisers"])
        return {self.filed_by, *self.carriers, *partners}

    @property
    def consenting_ids(self) -> Collection[str]:
        """Who consents: by itself, or by the word of the filer."""
        stated = () if self.plan is None else self.plan["consenting_ids"]
        return {*stated, *self.consents}


def filing_of(row: Class) -> Filing:
    """Take a class as it is now."""
    return Filing(
        class_id=row.id,
        cycle_id=row.cycle_id,
        filed_by=row.filed_by,
        filer_id=row.filed_by,
        facts=facts_of(row),
        plan=held_plan(row.plan),
        consents=consented(row),
    )


def consented(row: Class) -> set[str]:
    """Name who consented by itself to the plan that the class has."""
    return {one.organisation_id for one in row.consents}


async def check_ready(session: AsyncSession, filing: Filing, pack: PolicyPack) -> None:
    """Refuse a class without designations in force, the plan, or the consents that its pack asks for.

    A planned visit rests on a teaching base that is one on its day (C27).
    """
    rule = pack.arrangement(filing.facts["kind"], filing.facts["arrangement"])
    kinds = {known.id: known.kind for known in (await get_organisations(session, filing.involved)).values()}
    asked = [carrier for carrier in filing.carriers if rule.asks_designation_of(kinds[carrier])]
    await check_designated(session, filing.cycle_id, filing.facts["kind"], asked)

    _check_days(filing, pack.class_kind(filing.facts["kind"]).blocks)
    await check_bases_valid(session, _visits(filing))
    plan_rule = pack.training_plan
    plan_needed = plan_rule is not None or (pack.completion is not None and pack.completion.plan_required)
    if plan_needed and filing.plan is None:
        raise PlanMissing(filing.class_id)
    if plan_rule is not None and filing.plan is not None:
        parties = sorted(party for party in filing.involved if kinds[party] in plan_rule.consenting_kinds)
        check_consents(parties, filed_by=filing.filer_id, consenting_ids=filing.consenting_ids)


def _visits(filing: Filing) -> list[tuple[str, date]]:
    """List the bases that the plan visits, each with its day, by default the first of the class."""
    planned = () if filing.plan is None else filing.plan["base_visits"]
    return [
        (visit["base_id"], date.fromisoformat(visit["on"] or filing.facts["starts_on"]))
        for visit in planned
        if visit.get("base_id") is not None
    ]


def _check_days(filing: Filing, blocks: Blocks | None) -> None:
    """Hold days and plan to the blocks of the kind: a class without a plan to their room alone."""
    starts_on, ends_on = (date.fromisoformat(filing.facts[name]) for name in ("starts_on", "ends_on"))
    check_blocks(blocks, starts_on, ends_on)
    if filing.plan is not None:
        days = [date.fromisoformat(day) for day in filing.plan["teaching_days"]]
        check_teaching_days(blocks, days, starts_on=starts_on, ends_on=ends_on)
