"""Facts and plan of a class as documents: how versions and revisions keep them, and how they are shown."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.registry.classes.models import Class, TrainingPlan
from services.registry.classes.schemas import (
    BudgetHead,
    ClassFacts,
    Course,
    Criteria,
    PlannedVisit,
    PutTrainingPlan,
    TrainingPlanView,
)

_PLAN = (
    "courses",
    "base_visits",
    "budget_heads",
    "teaching_days",
    "consenting_ids",
    "planned_minutes",
    "min_attendance_percent",
    "min_minutes",
)

Document = dict[str, Any]


def facts_of(row: Class) -> Document:
    """Write down what a class is now."""
    partners = [{"organisation_id": one.organisation_id, "kind": one.kind} for one in row.co_organisers]
    days = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    written = {"co_organisers": partners, **days}
    return {name: written.get(name, getattr(row, name)) for name in ClassFacts.model_fields}


def plan_of(asked: PutTrainingPlan) -> Document:
    """Write down a plan as its row keeps it."""
    return {
        "courses": _documents(asked.courses),
        "base_visits": _documents(asked.base_visits),
        "budget_heads": _documents(asked.budget_heads),
        "teaching_days": [day.isoformat() for day in sorted(set(asked.teaching_days))],
        "consenting_ids": list(dict.fromkeys(asked.consenting_ids)),
        "planned_minutes": sum(course.minutes for course in asked.courses),
        "min_attendance_percent": asked.completion.min_attendance_percent,
        "min_minutes": asked.completion.min_minutes,
    }


def held_plan(plan: TrainingPlan | None) -> Document | None:
    """Write down the plan that a class has."""
    return None if plan is None else {name: getattr(plan, name) for name in _PLAN}


def keep_plan(row: Class, written: Mapping[str, Any]) -> bool:
    """Write a plan to its class; tell whether it says anything new."""
    plan = row.plan
    if plan is None:
        row.plan = TrainingPlan(**written)
        return True
    changed = {name: value for name, value in written.items() if getattr(plan, name) != value}
    for name, value in changed.items():
        setattr(plan, name, value)
    return bool(changed)


def show_plan(plan: Mapping[str, Any], agreed_at: datetime | None) -> TrainingPlanView:
    return TrainingPlanView(
        courses=[Course.model_validate(course) for course in plan["courses"]],
        base_visits=[PlannedVisit.model_validate(visit) for visit in plan["base_visits"]],
        budget_heads=[BudgetHead.model_validate(head) for head in plan["budget_heads"]],
        completion=Criteria(
            min_attendance_percent=plan["min_attendance_percent"], min_minutes=plan["min_minutes"]
        ),
        teaching_days=plan["teaching_days"],
        consenting_ids=plan["consenting_ids"],
        planned_minutes=plan["planned_minutes"],
        agreed_at=agreed_at,
    )


def _documents(parts: Iterable[BaseModel]) -> list[Document]:
    return [part.model_dump(mode="json") for part in parts]
