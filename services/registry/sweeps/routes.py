"""HTTP in: sweeps."""

from services.registry.settings import SweepSettings
from services.registry.sweeps import commands
from services.registry.sweeps.schemas import NoteView, OverdueView, SweepView
from shared.caller import callers
from shared.edge import Now, Writing, router

routes = router(tags=["deadlines"])


@routes.post("/v1/sweeps", summary="Note what time has brought", **callers(kinds=("operator", "bureau")))
async def sweep(session: Writing, now: Now) -> SweepView:
    """Note which deadlines are near or have passed and who has not answered by then.

    The worker does the same by the clock outside a rehearsal.
    """
    swept = await commands.sweep(session, notice_days=SweepSettings().notice_days, now=now)
    return SweepView(
        noted=[NoteView.model_validate(one) for one in swept.notes],
        overdue=[OverdueView.model_validate(one) for one in swept.overdue],
    )
