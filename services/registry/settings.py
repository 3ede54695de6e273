"""The environment of this service, typed; its prefix is REGISTRY_."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import PlatformSettings, ServiceSettings


class Settings(ServiceSettings):
    """`issuer` is the public address of the platform, as tokens and their metadata name it."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    issuer: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = Field(default=8001, ge=0, le=65535)


class SweepSettings(PlatformSettings):
    """What a sweep needs of the environment, in the api and in the worker: how many days before it notes."""

    model_config = SettingsConfigDict(env_prefix="REGISTRY_")

    notice_days: tuple[Annotated[int, Field(ge=1, le=365)], ...] = (7, 1)
