"""The table `class_versions`: what a class was in each version of it that was heard."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row


class ClassVersion(Row, kw_only=True):
    """A state of a class as it was heard; `at` is when it became so, `number` what was approved of it."""

    __tablename__ = "class_versions"

    class_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    pending_revision_id: Mapped[str | None] = mapped_column(String(36), default=None)
    at: Mapped[datetime]
