"""Storing what screening has let through: new enterprises, then the nominations, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.enrollment.enterprises.commands import keep_versions
from services.enrollment.enterprises.models import Enterprise
from services.enrollment.enterprises.queries import find_by_codes
from services.enrollment.enterprises.states import enterprise_states
from services.enrollment.imports.domain import Outcome
from services.enrollment.imports.reading import FileRefused
from services.enrollment.imports.screening import Screened
from services.enrollment.nominations.domain import CLASSES_TAKING_NOMINATIONS
from services.enrollment.nominations.keeping import Kept, keep_nominations
from services.enrollment.persons.models import Key
from services.enrollment.plan import PlannedClass, get_class
from shared.caller import Caller
from shared.faults import ConcurrentChange
from shared.inserting import insert_rows
from shared.outbox import record


@dataclass(kw_only=True)
class Storer:
    """Stores the chunks of one file, whose rows were screened for this class as it was then."""

    caller: Caller
    planned: PlannedClass
    now: datetime
    _stated: set[str] = field(default_factory=set)
    """The codes of enterprises that chunks before have stored."""

    async def store(
        self, session: AsyncSession, screened: Screened, known: Mapping[Key, str]
    ) -> list[dict[str, Any]]:
        """Store what stands; tell what became of each row. `known` are the persons who were on record.

        Raises ConcurrentChange where something is not any more as screening has found it.
        """
        planned = await self._held(session)
        new = {code: row for code, row in screened.enterprises.items() if code not in self._stated}
        await self._store_enterprises(session, new)
        classes = {planned.state.id: planned}
        theirs = {one.key: known[one.key] for one in screened.entries if one.key in known}
        kept = await keep_nominations(session, screened.entries, classes, theirs, self.now)
        self._stated |= new.keys()
        results = {result["line"]: result for result in screened.results}
        for one in kept:
            line = one.entry.index
            findings = results[line]["findings"] if line in results else None
            results[line] = _result(line, one, findings)
        return list(results.values())

    async def _held(self, session: AsyncSession) -> PlannedClass:
        """Keep the class as it is until the transaction ends; raises FileRefused when it takes nobody."""
        planned = await get_class(session, self.planned.state.id, held=True)
        check_open(planned)
        if (planned.version, planned.cycle.version) != (self.planned.version, self.planned.cycle.version):
            raise ConcurrentChange
        return planned

    async def _store_enterprises(
        self, session: AsyncSession, stated: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Store what was only stated so far."""
        rows = [stated[code] for code in sorted(stated)]
        made = [Enterprise(**row) for row in rows]
        if not await insert_rows(session, Enterprise.__table__, rows, skip_existing=True):
            found = await find_by_codes(session, stated.keys())
            if any(found[one.uscc].id != one.id for one in made):  # somebody else has stated it since
                raise ConcurrentChange
        organisation_id = str(self.caller.organisation_id)
        await keep_versions(session, made, organisation_id, self.now)
        kinds = {organisation_id: self.caller.kind}
        await record(session, *await enterprise_states(session, made, self.now, kinds))


def check_open(planned: PlannedClass) -> None:
    """Refuse the file when its class takes nobody any more; raises FileRefused."""
    if planned.cycle.state.status == "closed":
        raise FileRefused("cycle_closed")
    if planned.state.status not in CLASSES_TAKING_NOMINATIONS:
        raise FileRefused("class_takes_no_nominations")


def _result(line: int, kept: Kept, findings: list[dict[str, Any]] | None) -> dict[str, Any]:
    outcome: Outcome = "nominated" if kept.made else "credited" if kept.credited else "unchanged"
    return {"line": line, "outcome": outcome, "nomination_id": kept.nomination_id, "findings": findings}
