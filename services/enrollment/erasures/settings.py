"""How long who a person is stays known, typed from the environment, in the api and in the worker alike."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from services.enrollment.erasures.domain import Terms
from shared.settings import PlatformSettings

Years = Annotated[int, Field(ge=0, le=100)]


class RetentionSettings(PlatformSettings):
    """The terms of decision 0018.

    Years after the last cycle, of who was nominated only, of trainees and of graduates; the years in which
    the record of a trainee has to be kept; the days for which a phone is kept without a consent.
    """

    model_config = SettingsConfigDict(env_prefix="ENROLLMENT_")

    retention_nominated_years: Years = 2
    retention_trained_years: Years = 5
    retention_completed_years: Years = 10
    retention_duty_years: Years = 3
    retention_contact_days: Annotated[int, Field(ge=0, le=3650)] = 90

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.retention_duty_years <= self.retention_trained_years <= self.retention_completed_years:
            raise ValueError("what has to be kept of trainees is kept, and of graduates no shorter")
        return self

    @property
    def terms(self) -> Terms:
        return Terms(
            nominated=self.retention_nominated_years,
            trained=self.retention_trained_years,
            completed=self.retention_completed_years,
            duty=self.retention_duty_years,
            contact_days=self.retention_contact_days,
        )
