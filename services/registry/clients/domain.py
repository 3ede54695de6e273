"""API clients and their secrets: who may be given a token, and when a secret still counts.

A secret is 256 random bits, so one SHA-256 is enough to keep it: there is nothing to guess. Two are
live at most, so that a client can change over without a gap.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

LIVE_SECRETS = 2
LAST_USE_KEPT_EVERY = timedelta(minutes=1)
TOKEN_LIFETIME = timedelta(minutes=10)
REVOCATION_LISTED = TOKEN_LIFETIME + timedelta(minutes=1)
"""Longer than a token: one may be issued while its client is being revoked, and clocks differ."""
SECRET_ALGORITHM = "sha-256"  # noqa: S105  the name of the digest, not a secret


@dataclass(eq=False)
class ClientUnknown(Exception):
    client_id: str


@dataclass(eq=False)
class ClientRevoked(Exception):
    client_id: str


@dataclass(eq=False)
class OfficeHostedElsewhere(Exception):
    """An organisation acts for the offices that it hosts, and no others (C18)."""

    code: str
    organisation_id: str


@dataclass(eq=False)
class ExpiryPassed(Exception):
    expires_at: datetime


@dataclass(eq=False)
class AlreadyBootstrapped(Exception):
    """The platform has its operator: further clients are made over REST."""


def new_secret() -> str:
    """Make a client secret: 256 bits, in the unreserved characters of a URL."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Compare in a time that does not depend on where the two differ."""
    return hmac.compare_digest(digest(secret), kept)


def is_live(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is None or now < expires_at


def check_expiry(expires_at: datetime | None, now: datetime) -> None:
    """Refuse a secret that would be dead on arrival."""
    if expires_at is not None and expires_at <= now:
        raise ExpiryPassed(expires_at)


def use_is_due(last_used_at: datetime | None, now: datetime) -> bool:
    """Tell whether the last use is worth a write: once a minute says enough."""
    return last_used_at is None or now - last_used_at >= LAST_USE_KEPT_EVERY
