"""What goes over the wire."""

from datetime import datetime
from typing import Any

from services.integration.domain import Sighting
from shared.schemas import View


class ChangeView(View):
    """One change as the reader may see it.

    `upsert`: keep `data`, the resource as it is after the change; `entered` tells that it was out of sight
    before. `exit`: it has left the reader's sight, so `data` is null and what was kept of it must go.
    """

    change: Sighting
    entered: bool
    resource: str
    id: str
    version: int
    time: datetime
    cycle: str | None
    data: dict[str, Any] | None


class ChangesView(View):
    """A page of the feed. `next` is the cursor for `after`, of an empty page too; `more`: a page is left."""

    items: list[ChangeView]
    next: str
    more: bool
