"""The first step on an empty platform: the operator organisation and its API client.

Everything after it goes over REST. The secret is returned once; when it is lost before it was used,
the store must be begun anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.registry.clients.commands import add_client
from services.registry.clients.domain import AlreadyBootstrapped
from services.registry.clients.models import ApiClient
from services.registry.organisations.commands import add_organisation
from services.registry.organisations.domain import OPERATOR, KindAlreadyHeld
from services.registry.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrapped:
    organisation_id: str
    client_id: str
    secret: str


async def bootstrap(
    session: AsyncSession,
    *,
    now: datetime,
    name_zh: str = "平台运营方",
    name_en: str = "Platform operator",
    client_name: str = "bootstrap",
) -> Bootstrapped:
    """Make the operator and its first client; refused when there is an operator already."""
    try:
        operator = await add_organisation(
            session, Organisation(kind=OPERATOR, name_zh=name_zh, name_en=name_en, registered_at=now)
        )
    except KindAlreadyHeld:
        raise AlreadyBootstrapped from None
    client = ApiClient(organisation_id=operator.id, name=client_name, offices=[], created_at=now)
    made = await add_client(session, client, expires_at=None, now=now)
    return Bootstrapped(organisation_id=operator.id, client_id=made.client_id, secret=made.secret)
