"""The environment of a service, typed. What is the platform's own is read without the service's prefix.

Nothing that is secret has a default; `production` is the default mode, so that a forgotten
setting refuses the conveniences of the rehearsal instead of granting them.
"""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class PlatformSettings(BaseSettings):
    """What every process of the platform shares."""

    # The prefix keeps the bare names of the fields, HOME above all, from being read.
    model_config = SettingsConfigDict(
        env_prefix="LINGJUN_", extra="ignore", frozen=True, populate_by_name=True
    )

    mode: Literal["rehearsal", "production"] = Field(default="production", validation_alias="LINGJUN_MODE")
    home: Path = Field(default=Path("var"), validation_alias="LINGJUN_HOME")

    @property
    def is_rehearsal(self) -> bool:
        return self.mode == "rehearsal"

    @property
    def keys_directory(self) -> Path:
        return self.home / "keys"


class ServiceSettings(PlatformSettings):
    """A service subclasses this with its prefix: `ENROLLMENT_DATABASE_URL` and so on."""

    database_url: str
    amqp_url: str | None = None
    copy_wait: float = Field(default=2.0, ge=0, le=30)
    """Seconds that a refusal which rests on a copy waits for a newer one; 0 never waits."""
