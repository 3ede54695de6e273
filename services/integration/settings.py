"""The environment of this service, typed; its prefix is INTEGRATION_."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`host` and `port` are where the role `api` listens."""

    model_config = SettingsConfigDict(env_prefix="INTEGRATION_")

    host: str = "127.0.0.1"
    port: int = Field(default=8005, ge=0, le=65535)
