"""Facts and plan of a class as documents: how versions and revisions keep them, and how they are shown."""

import base64
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.registry.classes.models import Class, TrainingPlan
from services.registry.classes.schemas import (
    BudgetHead,
    ClassFacts,
    ConsentView,
    Course,
    Criteria,
    PlannedVisit,
    PutTrainingPlan,
    TrainingPlanView,
)
from services.registry.organisations.domain import MASK
from shared.sealed import Sealer

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

SEALED_NAME = "training_plans.lecturer"
"""What the name of a lecturer is sealed for, wherever a plan is kept."""


def facts_of(row: Class) -> Document:
    """Write down what a class is now."""
    partners = [{"organisation_id": one.organisation_id, "kind": one.kind} for one in row.co_organisers]
    days = {"starts_on": row.starts_on.isoformat(), "ends_on": row.ends_on.isoformat()}
    written = {"co_organisers": partners, **days}
    return {name: written.get(name, getattr(row, name)) for name in ClassFacts.model_fields}


def plan_of(asked: PutTrainingPlan, sealer: Sealer) -> Document:
    """Write down a plan as its row keeps it: names of lecturers sealed."""
    return {
        "courses": [_sealed(course, sealer) for course in asked.courses],
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


def shown_plan(row: Class) -> Document | None:
    """Write down the plan that a class has, with who consented to it by itself and when."""
    plan = held_plan(row.plan)
    given = [
        {"organisation_id": one.organisation_id, "consented_at": one.consented_at.isoformat()}
        for one in row.consents
    ]
    return None if plan is None else {**plan, "consents": given}


def says_the_same(held: Document | None, written: Document, sealer: Sealer) -> bool:
    """Tell whether two plans say the same, whatever keys they are sealed with."""
    if held is None:
        return False
    opened = [{**plan, "courses": open_courses(plan["courses"], sealer)} for plan in (held, written)]
    return opened[0] == opened[1]


def keep_plan(row: Class, written: Mapping[str, Any]) -> None:
    """Write another plan to its class; nobody has consented to that one yet."""
    if row.plan is None:
        row.plan = TrainingPlan(**written)
    for name, value in written.items():
        setattr(row.plan, name, value)
    row.consents.clear()


def open_courses(courses: Iterable[Mapping[str, Any]], sealer: Sealer | None) -> list[Course]:
    """Read the courses of a plan; without a sealer the names of lecturers are masked."""
    return [Course.model_validate({**course, "lecturer": _lecturer(course, sealer)}) for course in courses]


def _lecturer(course: Mapping[str, Any], sealer: Sealer | None) -> Document | None:
    kept = course.get("lecturer")
    if kept is None:
        return None
    name = MASK if sealer is None else sealer.open(base64.b64decode(kept["sealed"]), SEALED_NAME)
    return {"name": name, "title": kept["title"], "affiliation": kept["affiliation"]}


def _sealed(course: Course, sealer: Sealer) -> Document:
    document = course.model_dump(mode="json")
    if course.lecturer is not None:
        told = {"title": course.lecturer.title, "affiliation": course.lecturer.affiliation}
        name = base64.b64encode(sealer.seal(course.lecturer.name, SEALED_NAME)).decode()
        document["lecturer"] = {**told, "sealed": name}
    return document


def show_plan(plan: Mapping[str, Any], agreed_at: datetime | None, sealer: Sealer | None) -> TrainingPlanView:
    """Show a plan; without a sealer the names of lecturers are masked."""
    return TrainingPlanView(
        courses=open_courses(plan["courses"], sealer),
        base_visits=[PlannedVisit.model_validate(visit) for visit in plan["base_visits"]],
        budget_heads=[BudgetHead.model_validate(head) for head in plan["budget_heads"]],
        completion=Criteria(
            min_attendance_percent=plan["min_attendance_percent"], min_minutes=plan["min_minutes"]
        ),
        teaching_days=plan["teaching_days"],
        consenting_ids=plan["consenting_ids"],
        consents=[ConsentView.model_validate(one) for one in plan.get("consents", ())],
        planned_minutes=plan["planned_minutes"],
        agreed_at=agreed_at,
    )


def _documents(parts: Iterable[BaseModel]) -> list[Document]:
    return [part.model_dump(mode="json") for part in parts]
