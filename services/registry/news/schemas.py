"""What goes over the wire about news: plain text, in Chinese and, where it was given, in English."""

from datetime import datetime
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.registry.news.domain import NewsStatus
from shared.schemas import CycleId, Id, LongText, Name, Request, View


class TellNews(Request):
    """What is told."""

    title_zh: Name
    title_en: Name | None = None
    text_zh: LongText
    text_en: LongText | None = None


class DraftNews(TellNews):
    """News of a cycle or of a class; exactly one of the two."""

    cycle_id: CycleId | None = None
    class_id: Id | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.cycle_id is None) == (self.class_id is None):
            raise PydanticCustomError("one_subject", "Give either cycle_id or class_id")
        return self


class WithdrawNews(Request):
    reason: LongText


class NewsView(View):
    id: str
    cycle_id: str
    class_id: str | None
    organisation_id: str
    title_zh: str
    title_en: str | None
    text_zh: str
    text_en: str | None
    status: NewsStatus
    reason: str | None = Field(description="Why it was withdrawn.")
    published_at: datetime | None
    updated_at: datetime
    version: int


class AuthorView(View):
    """The organisation that tells the news."""

    id: str
    name_zh: str
    name_en: str


class CatalogueNewsView(View):
    """News that is published."""

    id: str
    cycle_id: str
    class_id: str | None
    author: AuthorView
    title_zh: str
    title_en: str | None
    text_zh: str
    text_en: str | None
    published_at: datetime
    updated_at: datetime
