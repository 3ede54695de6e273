"""The table `news`: what an organisation tells of a cycle, or of one class of it, as plain text."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.news.domain import DRAFT, NewsStatus
from services.registry.tables import Row
from shared.ids import new_id


class News(Row, kw_only=True):
    """`updated_at` is the last change of what is told, or of whether it is told."""

    __tablename__ = "news"
    __table_args__ = (Index("ix_news_status_published_at_id", "status", "published_at", "id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), index=True)
    class_id: Mapped[str | None] = mapped_column(ForeignKey("classes.id"), index=True, default=None)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str | None] = mapped_column(String(200), default=None)
    text_zh: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str | None] = mapped_column(Text, default=None)
    status: Mapped[NewsStatus] = mapped_column(String(16), default=DRAFT)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    updated_at: Mapped[datetime]
    drafted_by: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by: Mapped[str | None] = mapped_column(String(64), default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(64), default=None)
    version: Mapped[int] = mapped_column(default=0)
