"""What is allowed with an import, and how far it has come.

`checking → checked → committing → committed`, without the first two when it is committed at once. It ends
`refused` when nothing of it is stored: the file as a whole cannot be taken, or an import that is all or
nothing has a row in error. `cancelled` keeps what was stored before. `failed` is a defect of ours.
"""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["by_row", "atomic"]
Status = Literal["checking", "checked", "committing", "committed", "refused", "cancelled", "failed"]
Outcome = Literal["sound", "nominated", "credited", "unchanged", "refused", "blank"]
"""What became of a line: `sound` when it was only checked, `unchanged` when all of it was there already."""

UNDER_WAY: tuple[Status, ...] = ("checking", "committing")
LARGEST_UPLOAD = 32 * 1024 * 1024
UPLOAD_DAYS = 7
"""So many days after its import has ended an upload is erased; the report stays."""


@dataclass(eq=False)
class ImportNotFound(Exception):
    import_id: str


@dataclass(eq=False)
class ImportNotChecked(Exception):
    """Only what was checked, and is neither stored nor given up, can be committed."""

    import_id: str
    status: str


@dataclass(eq=False)
class ImportOver(Exception):
    import_id: str
    status: str


@dataclass(eq=False)
class UploadEmpty(Exception):
    """The request has no body."""


@dataclass(eq=False)
class UploadErased(Exception):
    """The file was erased when its time was over; the report is still there."""

    import_id: str


@dataclass(eq=False)
class MarkingFailed(Exception):
    """The file cannot be opened, so nothing can be marked in it; the report says what is wrong with it."""

    import_id: str


def check_committable(import_id: str, status: str) -> None:
    if status != "checked":
        raise ImportNotChecked(import_id=import_id, status=status)


def check_under_way(import_id: str, status: str) -> None:
    if status not in {*UNDER_WAY, "checked"}:
        raise ImportOver(import_id=import_id, status=status)
