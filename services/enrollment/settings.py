"""The environment of this service, typed; its prefix is ENROLLMENT_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    """`host` and `port` are where the role `api` listens."""

    model_config = SettingsConfigDict(env_prefix="ENROLLMENT_")

    host: str = "127.0.0.1"
    port: int = Field(default=8002, ge=0, le=65535)


class ImportSettings(PlatformSettings):
    """What the worker reads for itself: `import_chunk` lines of an upload go into one transaction."""

    model_config = SettingsConfigDict(env_prefix="ENROLLMENT_")

    import_chunk: int = Field(default=2000, ge=1, le=2000)
