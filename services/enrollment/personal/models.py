"""The table `personal_links`. The token is not kept: it is the signed id of its row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.enrollment.tables import Row
from shared.ids import new_id

_IN_FORCE = text("revoked_at is null")


class PersonalLink(Row, kw_only=True):
    """A link for one trainee; a new one revokes the one before, and the index lets no two stand."""

    __tablename__ = "personal_links"
    __table_args__ = (
        Index(
            "uq_personal_links_in_force",
            "enrolment_id",
            unique=True,
            postgresql_where=_IN_FORCE,
            sqlite_where=_IN_FORCE,
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    enrolment_id: Mapped[str] = mapped_column(ForeignKey("enrolments.id"))
    created_for: Mapped[str] = mapped_column(String(36))
    created_by: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_by: Mapped[str | None] = mapped_column(String(64), default=None)
    version: Mapped[int] = mapped_column(default=1)
