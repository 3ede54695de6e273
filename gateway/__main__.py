"""The gateway of the networked home: `python -m gateway`."""

import time

import uvloop

from gateway.app import Gateway
from gateway.identity import Identity
from gateway.map import SERVICES
from gateway.proxy import HttpUpstream, open_client
from gateway.server import listen, serving, stop_on_signals
from gateway.settings import GatewaySettings
from shared.caller import StampSigner
from shared.collector import spare
from shared.keys import KeyRing
from shared.logs import configure


async def _serve(settings: GatewaySettings) -> None:
    configure("gateway")
    keys = KeyRing(settings.keys_directory, create=settings.is_rehearsal)
    identity = Identity(StampSigner(keys.private("stamp")), now=time.time)
    listener = listen(settings.host, settings.port)
    stop = stop_on_signals()
    client = open_client(connections=settings.connections, answer_seconds=settings.answer_seconds)
    async with client:
        upstreams = {name: HttpUpstream(client, name, settings.address(name)) for name in SERVICES}
        gateway = Gateway(settings, upstreams, identity)
        async with gateway.running(), serving(gateway, listener):
            spare()
            await stop.wait()


if __name__ == "__main__":
    uvloop.run(_serve(GatewaySettings()))
