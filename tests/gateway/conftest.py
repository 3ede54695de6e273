"""A gateway on a real port before three echoing services, reached in process and over TCP alike."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey

from gateway.app import Gateway
from gateway.asgi import App
from gateway.identity import Identity
from gateway.map import SERVICES
from gateway.proxy import HttpUpstream, open_client
from gateway.server import listen, serving
from gateway.settings import GatewaySettings
from shared.caller import StampSigner, StampVerifier
from tests.support.door import Door, Echo, Opening


@pytest.fixture
def token_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "t1", "use": "sig", "alg": "ES256"})


@pytest.fixture
def token(token_key: ECKey) -> Callable[..., dict[str, str]]:
    """Make an Authorization header; keyword arguments replace claims."""

    def make(*, key: ECKey = token_key, **claims: object) -> dict[str, str]:
        now = int(time.time())
        said = {
            "iss": "lingjun",
            "aud": "lingjun",
            "sub": "client-1",
            "org": "organisation-1",
            "kind": "department",
            "offices": ["coordination"],
            "iat": now,
            "exp": now + 600,
        } | claims
        encoded = jwt.encode({"alg": "ES256", "kid": key.kid, "typ": "at+jwt"}, said, key)
        return {"authorization": f"Bearer {encoded}"}

    return make


@asynccontextmanager
async def _all_serving(apps: Mapping[str, App]) -> AsyncIterator[dict[str, int]]:
    """Serve each on a free port; they start and stop side by side, for uvicorn takes its time to stop."""
    listeners = {name: listen("127.0.0.1", 0) for name in apps}
    ports = {name: listener.getsockname()[1] for name, listener in listeners.items()}
    servers = [serving(app, listeners[name]) for name, app in apps.items()]
    await asyncio.gather(*(server.__aenter__() for server in servers))
    try:
        yield ports
    finally:
        await asyncio.gather(*(server.__aexit__(None, None, None) for server in servers))


@pytest.fixture
async def opening(token_key: ECKey, token: Callable[..., dict[str, str]]) -> AsyncIterator[Opening]:
    """Open a gateway: `over` is `process` or `tcp`; settings and upstreams may be replaced."""
    async with AsyncExitStack() as stack:

        async def open_door(over: str, upstreams: dict[str, App] | None = None, **settings: Any) -> Door:
            stamp = KeySet([OKPKey.generate_key("Ed25519", {"kid": "s1"})])
            jwks = KeySet([token_key]).as_dict(private=False)
            services = {name: Echo(name, dict(jwks)) for name in SERVICES}
            apps: dict[str, App] = {**services}
            served: dict[str, App] = {**services} if over == "tcp" else {}
            gateway = Gateway(
                GatewaySettings.model_validate({"mode": "production", "access_log": False} | settings),
                apps,
                Identity(StampSigner(stamp), now=time.time),
            )
            ports = await stack.enter_async_context(_all_serving({**served, "gateway": gateway}))
            client = await stack.enter_async_context(open_client(connections=10, answer_seconds=5.0))
            for name in served:
                apps[name] = HttpUpstream(client, name, f"http://127.0.0.1:{ports[name]}")
            apps.update(upstreams or {})
            await gateway.refresh()
            address = ("127.0.0.1", ports["gateway"])
            http = httpx.AsyncClient(base_url=f"http://127.0.0.1:{address[1]}", timeout=10.0)
            await stack.enter_async_context(http)
            return Door(http, gateway, services, StampVerifier(stamp), token, address)

        yield open_door


@pytest.fixture(params=["process", "tcp"])
async def door(request: pytest.FixtureRequest, opening: Opening) -> Door:
    """Open a gateway before both kinds of upstream: the same promises hold."""
    return await opening(request.param)
