"""How plans of departments and allotted seats are told to the other services: to those who may read them."""

from datetime import datetime

from services.registry.planning.models import DepartmentPlan, SeatAllotment
from shared.events.audience import act_term, organisation_term
from shared.events.envelope import Event, state
from shared.events.registry import DepartmentPlanState, SeatAllotmentState

READING_ACTS = ("approve_classes", "track")


def plan_state(row: DepartmentPlan, at: datetime) -> Event:
    readers = [act_term(act, row.cycle_id) for act in READING_ACTS]
    return state(
        DepartmentPlanState(
            id=row.id,
            cycle_id=row.cycle_id,
            department_id=row.department_id,
            heads_by_kind={planned["kind"]: planned["heads"] for planned in row.kinds},
        ),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=(organisation_term(row.department_id), *readers),
    )


def allotment_state(row: SeatAllotment, at: datetime) -> Event:
    readers = [act_term(act, row.cycle_id) for act in READING_ACTS]
    named = [one for one in (row.department_id, row.institution_id) if one is not None]
    return state(
        SeatAllotmentState.model_validate(row, from_attributes=True),
        version=row.version,
        at=at,
        cycle=row.cycle_id,
        revision=row.revision,
        audience=(*(organisation_term(one) for one in named), *readers),
    )
