"""What is allowed with personal links: one is in force a trainee, until it expires or is revoked."""

from dataclasses import dataclass
from datetime import datetime


class PersonalLinkRefused(Exception):
    """The link is wrong, expired, revoked, or there is none; which of these is not told."""


@dataclass(eq=False)
class PersonalLinkNotYours(Exception):
    """Links are made by who runs the class and by the home department of the trainee."""

    enrolment_id: str


@dataclass(eq=False)
class PersonalLinkNotFound(Exception):
    enrolment_id: str


def check_in_force(expires_at: datetime, revoked_at: datetime | None, now: datetime) -> None:
    if revoked_at is not None or now >= expires_at:
        raise PersonalLinkRefused
