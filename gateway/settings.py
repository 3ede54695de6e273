"""The gateway's environment, prefix `GATEWAY_`; mode, home and keys are those of the whole platform."""

from pydantic_settings import SettingsConfigDict

from shared.settings import PlatformSettings


class GatewaySettings(PlatformSettings):
    """Sizes in bytes, times in seconds. Rates count per principal, for the anonymous per address."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", frozen=True, populate_by_name=True)

    host: str = "127.0.0.1"
    port: int = 8000
    registry_url: str = "http://127.0.0.1:8001"
    enrollment_url: str = "http://127.0.0.1:8002"
    certification_url: str = "http://127.0.0.1:8003"
    evaluation_url: str = "http://127.0.0.1:8004"
    integration_url: str = "http://127.0.0.1:8005"

    connections: int = 100
    answer_seconds: float = 30.0
    poll_seconds: float = 10.0
    body_bytes: int = 4 * 1024 * 1024
    header_bytes: int = 32 * 1024
    path_bytes: int = 8 * 1024
    rate_per_second: float = 200.0
    rate_burst: int = 1000
    access_log: bool = True

    def address(self, service: str) -> str:
        return str(getattr(self, f"{service}_url"))
