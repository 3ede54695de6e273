"""The environment of this service, typed; its prefix is CERTIFICATION_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.certification.keys import Keys, keys_in
from shared.settings import PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    """`host` and `port` are where the role `api` listens."""

    model_config = SettingsConfigDict(env_prefix="CERTIFICATION_")

    host: str = "127.0.0.1"
    port: int = Field(default=8003, ge=0, le=65535)


def keys_of(settings: PlatformSettings) -> Keys:
    """Read the keys where these settings say they lie."""
    return keys_in(settings.keys_directory.resolve(), create=settings.is_rehearsal)
