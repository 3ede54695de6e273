"""What goes over the wire about deadlines: until when, and for whom; why, stands with the extensions."""

from datetime import date, datetime

from pydantic import Field

from shared.schemas import View


class PutOffView(View):
    """Until when a deadline is put off, and for whom; nobody named: for everybody."""

    closes_at: datetime
    organisation_ids: list[str]


class NotedView(View):
    """How near a sweep found an instant, in days; 0: it has passed."""

    closes_at: datetime
    days: int
    noted_at: datetime


class DeadlineView(View):
    id: str
    cycle_id: str
    code: str
    zh: str
    en: str
    clause: list[str]
    until: date = Field(description="The last day by the pack.")
    zone: str
    planned_at: datetime = Field(description="The first instant that is too late by the pack.")
    closes_at: datetime = Field(description="The first instant that is too late for everybody now.")
    withdrawn: bool = Field(description="The pack in force has no such deadline any more.")
    extended: bool
    extensions: list[PutOffView]
    noted: list[NotedView] = Field(description="What sweeps found of the instants of now; it judges nobody.")
    version: int
