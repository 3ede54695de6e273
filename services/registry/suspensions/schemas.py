"""What goes over the wire about suspensions. The score is left out: it is the institution's own."""

from datetime import datetime

from services.registry.suspensions.domain import Ground, SuspensionStatus
from shared.schemas import LongText, Request, View


class LiftSuspension(Request):
    reason: LongText


class SuspensionView(View):
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
    version: int
