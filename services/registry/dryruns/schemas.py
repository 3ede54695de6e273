"""What goes over the wire about dry runs."""

from typing import Self

from pydantic import Field

from services.registry.cycles.diffing import DifferenceView
from services.registry.cycles.domain import CycleStatus
from shared.events.policy import PackFault
from shared.schemas import View


class FaultView(View):
    """A fault of the pack at its place; `line` and `column` are those of the YAML."""

    place: str
    line: int | None
    column: int | None
    zh: str
    en: str
    allowed: list[str]

    @classmethod
    def of(cls, fault: PackFault) -> Self:
        return cls(
            place=fault.place,
            line=fault.line,
            column=fault.column,
            zh=fault.zh,
            en=fault.en,
            allowed=list(fault.allowed),
        )


class ImpactView(View):
    """What is there already and would not fit; `ids` are the first of `count`."""

    code: str
    zh: str
    en: str
    count: int
    ids: list[str]


class DryRunView(View):
    """What loading this pack would mean. `status` is that of its cycle, none if the cycle is new."""

    valid: bool
    faults: list[FaultView]
    cycle_id: str | None = None
    sha256: str | None = None
    status: CycleStatus | None = None
    revision: int | None = Field(default=None, description="The revision that the cycle has now.")
    differences: list[DifferenceView] = Field(default_factory=list)
    impacts: list[ImpactView] = Field(default_factory=list)
