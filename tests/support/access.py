"""Who may do what with whose object: the words of the table of access, and its rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support.cast import Thing

Body = Callable[[Thing], Any]

DAY = "2023-01-01"

EVERYBODY = "anonymous operator bureau office centre promotion home neighbour lead rival evaluator partner"
SIGNED_IN = EVERYBODY.removeprefix("anonymous ")
PROPOSERS = "office centre promotion home neighbour lead rival partner"

# Words that mean different callers in the two cycles: who holds the acts of review, who tracks, who joined.
HOLDERS = {"2022-2023": "office centre", "2019-2020": "office"}
TRACKERS = {"2022-2023": "office centre", "2019-2020": "office centre promotion"}
PARTNERS = {"2022-2023": "partner", "2019-2020": ""}

LATER = {"2022-2023": "office centre", "2019-2020": ""}
"""Who records incidents and designates teaching bases, in the cycle that has them."""
CONCERNED = {"2022-2023": "bureau lead", "2019-2020": ""}
"""Who else reads an incident."""
FUNDED = {"2022-2023": "bureau office centre lead partner", "2019-2020": ""}

WHOLE = "bureau trackers lead partners"
"""Who sees a class with all its trainees."""
TRAINEE = f"{WHOLE} home"
"""Who sees the trainee."""
READERS = "bureau office centre promotion"
"""Who reads every trainee because some cycle lets them review or track; a person belongs to no cycle."""
READS_PLANS = f"operator {WHOLE}"
"""Who sees the plan of a class, and what is proposed to change the class."""
ROUND = "bureau trackers lead rival evaluator"
"""Who sees a round in which both institutions are evaluated."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked, and who may. `shows` names the id that the answer of a list must hold."""

    allowed: str
    refused: str = "anonymous"
    body: Body | None = None
    query: str = ""
    shows: str = ""
    form: bool = False


def only(allowed: str, body: Body | None = None, query: str = "") -> Row:
    """Say that these may and all others are refused."""
    return Row(allowed, EVERYBODY, body, query)


def seen(allowed: str, shows: str = "", query: str = "") -> Row:
    """Say that these see it, and that for all others who are signed in it does not exist."""
    return Row(allowed, query=query, shows=shows)


def decided(allowed: str, body: Body) -> Row:
    """Say that of those who see what is proposed these decide it."""
    return Row(allowed, f"anonymous {READS_PLANS}", body)


def again(path: str) -> Body:
    """Say once more, as the only item, what the object was made by."""
    return lambda thing: {"items": [thing.bodies[path]]}


def of_class(thing: Thing) -> dict[str, str]:
    return {"class_id": thing.ids["class_id"]}


def empty(_thing: Thing) -> dict[str, str]:
    return {}


def reason(_thing: Thing) -> dict[str, str]:
    return {"reason": "演练"}
