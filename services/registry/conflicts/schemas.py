"""What goes over the wire about conflicts of interest."""

from typing import Literal

from pydantic import Field

from shared.events.registry import ClassStatus
from shared.schemas import View


class ConflictReasonView(View):
    """The act that teaching conflicts with: a stable code, said in both languages."""

    code: str
    act: str
    zh: str
    en: str


class TaughtClassView(View):
    class_id: str
    title_zh: str
    status: ClassStatus
    roles: list[Literal["lead", "institution"]]


class ConflictView(View):
    organisation_id: str
    kind: str
    name_zh: str
    name_en: str
    reasons: list[ConflictReasonView]
    designation_id: str | None
    classes: list[TaughtClassView] = Field(description="Classes that were filed and not cancelled.")


class ConflictsView(View):
    """The organisations of a cycle that are flagged; they are refused nothing."""

    cycle_id: str
    revision: int
    items: list[ConflictView]
