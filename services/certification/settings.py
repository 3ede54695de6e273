"""The environment of this service, typed; its prefix is CERTIFICATION_."""

from pathlib import Path

from pydantic_settings import SettingsConfigDict

from services.certification.keys import Keys, keys_in
from shared.settings import PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="CERTIFICATION_")


def keys_of(settings: PlatformSettings) -> Keys:
    """Read the keys where these settings say they lie."""
    directory: Path = settings.keys_directory
    return keys_in(directory.resolve(), create=settings.is_rehearsal)
