"""The port of a scanner that looks into files before they are kept.

The platform ships none: whoever runs it puts one of its own into `app.state.scanner`. Until then each
attachment says that it was not scanned.
"""

from collections.abc import AsyncIterator
from typing import Protocol


class Scanner(Protocol):
    """Looks for what should not be there."""

    async def find(self, content: AsyncIterator[bytes]) -> str | None:
        """Name what was found in a file; None where it is clean."""
        ...
