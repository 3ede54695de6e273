"""How a nomination is told to the other services."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from services.enrollment.audiences import trainee_audience
from services.enrollment.nominations.models import Nomination
from services.enrollment.plan import PlannedClass
from shared.events.enrollment import NominationState
from shared.events.envelope import Event, state_of

_FACTS = tuple(name for name in NominationState.model_fields if name not in {"channels", "findings"})


def nomination_state(nomination: Nomination, planned: PlannedClass, at: datetime) -> Event:
    columns = (*_FACTS, "credits", "findings", "version", "revision")
    row = {name: getattr(nomination, name) for name in columns}
    return state_of_row(row, at, trainee_audience(planned, [nomination.department_id]))


def state_of_row(row: Mapping[str, Any], at: datetime, audience: Collection[str]) -> Event:
    """State a nomination as it stands in the table, for whom its class and its department let see it."""
    data = {name: row[name] for name in _FACTS}
    data["channels"] = sorted(row["credits"])
    data["findings"] = sorted({finding["code"] for finding in row["findings"]})
    return state_of(
        NominationState,
        data,
        version=row["version"],
        at=at,
        cycle=row["cycle_id"],
        revision=row["revision"],
        audience=audience,
    )
