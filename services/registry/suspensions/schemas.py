"""What goes over the wire about suspensions. The score is left out: it is the institution's own."""

from datetime import date, datetime

from pydantic import Field

from services.registry.suspensions.domain import Ground, SuspensionStatus
from shared.schemas import CycleId, Day, Id, LongText, Name, Request, View


class LiftSuspension(Request):
    reason: LongText


class ImportSuspension(Request):
    """That an institution was suspended after a past cycle, which the platform never ran."""

    institution_id: Id
    evaluated_cycle_id: CycleId = Field(description="The past cycle, by programme and label.")
    document: Name = Field(description="The number or the title of the document that decided it.")
    decided_on: Day
    barred_cycle_id: CycleId | None = Field(
        default=None, description="The cycle that it bars; nothing: the one that follows, once it is loaded."
    )


class SuspensionView(View):
    """`evaluation_id` of an imported one is its own id: no round here judged, the document decided."""

    id: str
    institution_id: str
    evaluated_cycle_id: str
    evaluation_id: str
    ground: Ground
    clause: list[str]
    status: SuspensionStatus
    barred_cycle_id: str | None
    decided_at: datetime
    lifted_at: datetime | None
    lift_reason: str | None
    imported: bool
    document: str | None
    decided_on: date | None
    version: int
