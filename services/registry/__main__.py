"""The roles of this service: `python -m services.registry api|worker|migrate|republish|bootstrap`.

`bootstrap` prints the credentials of the operator's first client, once.
"""

import asyncio
import json
import sys
from datetime import UTC, datetime

from services.registry.app import MIGRATIONS, build
from services.registry.bootstrap import Bootstrapped, bootstrap
from services.registry.clients.domain import AlreadyBootstrapped
from services.registry.handlers import LISTENER
from services.registry.republishing import RESTATED
from services.registry.settings import Settings
from shared.database import Database
from shared.roles import play


async def _bootstrap(settings: Settings) -> Bootstrapped:
    database = Database(settings.database_url, name="registry bootstrap")
    try:
        async with database.write() as session:
            return await bootstrap(session, now=datetime.now(UTC))
    except AlreadyBootstrapped:
        raise SystemExit("there is an operator already; nothing was made") from None
    finally:
        await database.close()


if __name__ == "__main__":
    if sys.argv[1:] == ["bootstrap"]:
        made = asyncio.run(_bootstrap(Settings.model_validate({})))
        sys.stdout.write(json.dumps({"client_id": made.client_id, "client_secret": made.secret}) + "\n")
    else:
        play(lambda: Settings.model_validate({}), build, LISTENER, MIGRATIONS, RESTATED)
