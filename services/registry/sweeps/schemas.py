"""What goes over the wire about sweeps."""

from datetime import datetime

from services.registry.deadlines.schemas import NotedView
from shared.schemas import View


class NoteView(NotedView):
    deadline_id: str


class OverdueView(View):
    """That a department had not answered when the deadline closed for it."""

    cycle_id: str
    department_id: str
    closes_at: datetime


class SweepView(View):
    """What was not noted before."""

    noted: list[NoteView]
    overdue: list[OverdueView]
