"""The tables `api_clients` and `api_secrets`: a secret is kept as its digest, which names its algorithm."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from services.registry.clients.domain import SECRET_ALGORITHM
from services.registry.tables import Row
from shared.ids import new_id


class ApiClient(Row, kw_only=True):
    """`id` is the client id of OAuth. `offices` are codes that the organisation hosts."""

    __tablename__ = "api_clients"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    offices: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None, index=True)


class ApiSecret(Row, kw_only=True):
    """Live while it is neither retired nor expired; the client row's lock keeps live ones at two."""

    __tablename__ = "api_secrets"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default_factory=new_id)
    client_id: Mapped[str] = mapped_column(ForeignKey("api_clients.id"), index=True)
    algorithm: Mapped[str] = mapped_column(String(16), default=SECRET_ALGORITHM)
    digest: Mapped[str] = mapped_column(String(64), repr=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
