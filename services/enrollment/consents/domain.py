"""What may be recorded of a consent. Texts are versioned; what was given or taken back is never changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["paper", "personal_link", "department_system"]
"""How a consent was given or taken back: on paper, by the personal link, in a department's own system."""


@dataclass(eq=False)
class ConsentTextUnknown(Exception):
    """Nothing was published for this purpose under this version."""

    purpose: str
    version: int


@dataclass(eq=False)
class ConsentOutOfTime(Exception):
    """A consent is given after its text was published, and taken back after that; neither lies ahead."""

    earliest: datetime
    latest: datetime


@dataclass(eq=False)
class ConsentNotFound(Exception):
    consent_id: str


@dataclass(eq=False)
class ConsentWithdrawnAlready(Exception):
    consent_id: str


@dataclass(eq=False)
class ConsentNotOfCaller(Exception):
    """Consents are recorded by the home department and by who runs a class of the person."""

    person_id: str


def check_time(at: datetime, earliest: datetime, latest: datetime) -> None:
    if not earliest <= at <= latest:
        raise ConsentOutOfTime(earliest=earliest, latest=latest)
