"""A small REST client of the gateway that may be killed, or lose its server, at any moment.

Every POST carries an idempotency key derived from the name of the step, so saying the same
thing again is harmless; lost connections and "not yet" answers are tried again.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import httpx

_STEPS = uuid.UUID("5b1a7f0e-6f0d-5c36-9d0c-6a2f4f5c7a11")
_AGAIN_LATER = frozenset({429, 502, 503, 504})
_PATIENCE_SECONDS = 90.0
_BULK = 500
_LAGGING = frozenset({404, 409})
"""How an item is refused whose class or organisation has not been heard of, or not of its last step."""
_ATTEMPTS = 10
_ATTEMPT_SECONDS = 1.0
AT_ONCE = 4
"""How many requests are under way side by side."""

Item = TypeVar("Item")


class Refused(Exception):
    """The platform refused a step for good; `problem` is its RFC 9457 document."""

    def __init__(self, step: str, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{step}: {status} {problem}")
        self.status = status
        self.problem = problem

    def says(self, code: str) -> bool:
        """Tell whether this is the problem of that code, as `class-state-forbids`."""
        return str(self.problem.get("type", "")).endswith(f":{code}")


@dataclass(slots=True)
class Actor:
    """An API client of an organisation, with the organisation's kind and the offices it holds."""

    client_id: str
    secret: str
    kind: str
    organisation_id: str
    offices: frozenset[str] = frozenset()
    token: str = ""
    token_ends: float = 0.0


@dataclass(slots=True)
class Platform:
    """The gateway as its clients see it. `now` dates what is done (`Lingjun-Now`)."""

    base_url: str
    now: datetime | None = None
    transport: httpx.AsyncBaseTransport | None = None
    http: httpx.AsyncClient = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.AsyncClient(base_url=self.base_url, transport=self.transport, timeout=30.0)

    async def close(self) -> None:
        await self.http.aclose()

    def at(self, moment: datetime | None) -> "Platform":
        """Look at the same gateway from another moment; views may be used side by side."""
        view = copy(self)
        view.now = moment
        return view

    async def post(self, actor: Actor, path: str, body: dict[str, Any], *, step: str) -> dict[str, Any]:
        return await self._send(actor, "POST", path, body, step)

    async def put(self, actor: Actor, path: str, body: dict[str, Any], *, step: str) -> dict[str, Any]:
        return await self._send(actor, "PUT", path, body, step)

    async def upload(
        self, actor: Actor, path: str, content: bytes, *, step: str, **query: str
    ) -> dict[str, Any]:
        """Post a file as the body itself."""
        return await self._send(actor, "POST", path, content, step, query)

    async def get(self, actor: Actor | None, path: str, **query: str | int) -> dict[str, Any]:
        return await self._send(actor, "GET", path, None, path, query)

    async def bulk(
        self, actor: Actor, path: str, items: list[dict[str, Any]], *, step: str
    ) -> list[dict[str, Any]]:
        """Post `items` in arrays of at most 500 and give back the result of each."""
        results: list[dict[str, Any]] = []
        for start in range(0, len(items), _BULK):
            body = {"items": items[start : start + _BULK]}
            answer = await self.post(actor, path, body, step=f"{step}#{start}")
            results += answer["results"]
        return results

    async def bulk_over_lag(
        self, actor: Actor, path: str, items: list[dict[str, Any]], *, step: str
    ) -> list[dict[str, Any]]:
        """Do as `bulk`; items refused for want of a copy that lags are said again, in a step of their own.

        The answer to a bulk request is kept under its key, refusals and all.
        """
        results = await self.bulk(actor, path, items, step=step)
        for attempt in range(1, _ATTEMPTS):
            left = [place for place, result in enumerate(results) if result["status"] in _LAGGING]
            if not left:
                break
            await asyncio.sleep(_ATTEMPT_SECONDS)
            again = await self.bulk(
                actor, path, [items[place] for place in left], step=f"{step} again {attempt}"
            )
            for place, result in zip(left, again, strict=True):
                results[place] = result
        return results

    async def pages(
        self, actor: Actor | None, path: str, **query: str | int
    ) -> AsyncIterator[dict[str, Any]]:
        """Walk all items of a list, page by page."""
        after: str | None = None
        while True:
            page = await self.get(actor, path, limit=500, **query, **({"after": after} if after else {}))
            for item in page["items"]:
                yield item
            after = page["next"]
            if after is None:
                return

    async def _send(
        self,
        actor: Actor | None,
        method: str,
        path: str,
        body: dict[str, Any] | bytes | None,
        step: str,
        query: Mapping[str, str | int] | None = None,
    ) -> dict[str, Any]:
        give_up = time.monotonic() + _PATIENCE_SECONDS
        pause = 0.05
        while True:
            answer = await self._try_once(actor, method, path, body, step, query)
            if answer is not None and answer.is_success:
                return answer.json()
            if time.monotonic() > give_up or not _worth_another_try(answer):
                problem = _problem(answer)
                raise Refused(step, answer.status_code if answer is not None else 0, problem)
            if answer is not None and answer.status_code == httpx.codes.UNAUTHORIZED and actor:
                actor.token = ""
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)

    async def _try_once(
        self,
        actor: Actor | None,
        method: str,
        path: str,
        body: dict[str, Any] | bytes | None,
        step: str,
        query: Mapping[str, str | int] | None,
    ) -> httpx.Response | None:
        headers = {"Accept-Language": "en"}
        if self.now is not None:
            headers["Lingjun-Now"] = self.now.isoformat()
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid.uuid5(_STEPS, step))
        try:
            if actor is not None:
                headers["Authorization"] = f"Bearer {await self._token(actor)}"
            content, document = (body, None) if isinstance(body, bytes) else (None, body)
            return await self.http.request(
                method, path, content=content, json=document, params=query, headers=headers
            )
        except httpx.TransportError:
            return None
        except httpx.HTTPStatusError as refused:
            return refused.response

    async def _token(self, actor: Actor) -> str:
        if actor.token and time.monotonic() < actor.token_ends:
            return actor.token
        answer = await self.http.post(
            "/oauth/token",
            data={"grant_type": "client_credentials"},
            auth=(actor.client_id, actor.secret),
        )
        answer.raise_for_status()
        granted = answer.json()
        actor.token = granted["access_token"]
        actor.token_ends = time.monotonic() + granted["expires_in"] - 30
        return actor.token


async def side_by_side(items: Iterable[Item], work: Callable[[Item], Awaitable[None]]) -> None:
    """Work on the items, a few at a time and begun in their order; the first failure ends it all."""
    waiting = iter(items)

    async def take() -> None:
        for item in waiting:
            await work(item)

    takers = [asyncio.create_task(take()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*takers)
    finally:
        for taker in takers:
            taker.cancel()
        await asyncio.gather(*takers, return_exceptions=True)


def _worth_another_try(answer: httpx.Response | None) -> bool:
    """Tell lost connections, overload, expired tokens and lagging copies from refusals for good."""
    if answer is None or answer.status_code in _AGAIN_LATER or "retry-after" in answer.headers:
        return True
    return answer.status_code == httpx.codes.UNAUTHORIZED and "invalid_client" not in answer.text


def _problem(answer: httpx.Response | None) -> dict[str, Any]:
    if answer is None:
        return {"detail": "no answer from the gateway"}
    try:
        return answer.json()
    except ValueError:
        return {"detail": answer.text[:200]}
