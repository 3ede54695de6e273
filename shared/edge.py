"""The edge of a service: one route class that opens the transaction, keeps the answer, and waits for copies.

The transaction ends before the answer is sent: FastAPI closes `scope="function"` dependencies
outside the route handler but inside `APIRoute.handle`, so the answer is kept in the former and a
lagging copy is waited for in the latter, where no transaction is open.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.params import Form
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import from_json
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars
from typing_extensions import override

from shared.bodies import DECLARED, raise_limit
from shared.bulk import Results, SomeRestOnCopies
from shared.caller import Declaration, identify
from shared.copywatch import MAY_WAIT, RETRY_AFTER_SECONDS, CopyWatch, RestsOnCopy
from shared.faults import RouteUnknown, ValueUnstorable
from shared.headers import IfMatch, Now, arrive, check_version, etag, read_now
from shared.idempotency import Replay, claim, keep, keep_masked
from shared.problems import present_language, problem_of, respond
from shared.schemas import can_store, read_json

__all__ = [
    "IfMatch",
    "Now",
    "Operation",
    "Reading",
    "RestsOnCopy",
    "Writing",
    "check_version",
    "etag",
    "keep_masked",
    "router",
]

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class ActNotAsked(Exception):
    """A defect: the operation declares an act and answered without asking the pack for it."""


async def write(request: Request) -> AsyncIterator[AsyncSession]:
    """Open the operation's transaction and claim its idempotency key in it."""
    async with request.app.state.database.write() as session:
        session.info[MAY_WAIT] = request.scope.get(MAY_WAIT, False)
        request.state.session = session
        await claim(request, session)
        yield session


async def read(request: Request) -> AsyncIterator[AsyncSession]:
    """Open a session that the database itself keeps from writing."""
    async with request.app.state.database.read() as session:
        yield session


Writing = Annotated[AsyncSession, Depends(write, scope="function")]
Reading = Annotated[AsyncSession, Depends(read, scope="function")]


def router(**options: Any) -> APIRouter:
    """Make a router whose routes are operations."""
    return APIRouter(route_class=Operation, **options)


class Operation(APIRoute):
    """A route of a service; one that does not declare its callers cannot be made."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        if not (self.openapi_extra or {}).get("x-callers"):
            raise ValueError(f"{path} does not declare who may call it: **callers(...)")

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        run = super().get_route_handler()

        async def answer(request: Request) -> Response:
            await identify(request)
            read_now(request)
            exact = _ExactRequest(request.scope, request.receive)
            await self._check_input(exact)
            try:
                response = await run(exact)
            except Replay as replay:
                return replay.answer
            self._check_act_was_asked(exact, response)
            response.headers.setdefault("content-language", present_language())
            self._show_version(response)
            if session := getattr(exact.state, "session", None):
                await keep(exact, session, response)
            return response

        return answer

    @override
    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        arrive(request)
        bind_contextvars(route=self.path)
        most: int | None = (self.openapi_extra or {}).get(DECLARED)
        if most is not None:
            # It reads its own body, once: nothing is held for a second run, so it waits for no copy.
            raise_limit(scope, most)
            try:
                return await super().handle(scope, receive, send)
            except RestsOnCopy as lag:
                return await _refuse(request, lag)(scope, receive, send)
        body = await request.body()
        watch: CopyWatch = scope["app"].state.copy_watch
        deadline = time.monotonic() + scope["app"].state.settings.copy_wait
        may_wait = time.monotonic() < deadline
        while True:
            # The state of a run must not reach the next one: it holds the session.
            attempt = {**scope, "state": dict(scope.get("state") or {}), MAY_WAIT: may_wait}
            try:
                return await super().handle(attempt, _replayed(body, receive), send)
            except RestsOnCopy as lag:
                waits = may_wait and lag.may_change_soon
                rose = waits and await watch.rises((lag.aggregate, lag.seen), deadline - time.monotonic())
                may_wait = bool(rose)
                if not rose and not isinstance(lag, SomeRestOnCopies):
                    return await _refuse(request, lag)(scope, receive, send)

    async def _check_input(self, request: "_ExactRequest") -> None:
        """Refuse, before a transaction opens, what no operation can take."""
        if not all(can_store(value) for value in request.path_params.values() if isinstance(value, str)):
            raise RouteUnknown
        if not all(can_store(value) for _, value in request.query_params.multi_items()):
            raise ValueUnstorable
        if self.body_field is None or not await request.body():
            return
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if isinstance(self.body_field.field_info, Form):
            if kind not in _FORMS:
                raise HTTPException(415)
            form = await request.form()
            if not all(can_store(value) for _, value in form.multi_items() if isinstance(value, str)):
                raise ValueUnstorable
        elif kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json")):
            await request.json()
        else:
            raise HTTPException(415)

    def _check_act_was_asked(self, request: Request, response: Response) -> None:
        declaration: Declaration | None = getattr(request.state, "declaration", None)
        if declaration is None or not declaration.left_unasked(request.state.caller):
            return
        # A bulk operation that refused every item had nothing to ask for.
        if _is_model(self.response_model, Results):
            results = from_json(bytes(response.body))["results"]
            if all(result.get("problem") for result in results):
                return
        raise ActNotAsked(declaration.act)

    def _show_version(self, response: Response) -> None:
        if not _is_model(self.response_model, BaseModel) or "etag" in response.headers:
            return
        if "version" in self.response_model.model_fields and response.status_code < 300:  # noqa: PLR2004 - success
            version = from_json(bytes(response.body)).get("version")
            if isinstance(version, int):
                etag(response, version)


class _ExactRequest(Request):
    """A request whose JSON is read strictly."""

    @override
    async def json(self) -> Any:
        if not hasattr(self, "_json"):
            self._json = read_json(await self.body())
        return self._json


def _is_model(model: object, kind: type[BaseModel]) -> bool:
    return isinstance(model, type) and issubclass(model, kind)


def _refuse(request: Request, lag: RestsOnCopy) -> Response:
    """Say what is refused because of a copy, and when to ask again where a newer one may be on its way."""
    headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if lag.may_change_soon else {}
    return respond(request, problem_of(lag.refusal), headers)


def _replayed(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    """Give the body that was read once to each run of the command, then what the server says."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def next_message() -> Message:
        return messages.pop() if messages else await receive()

    return next_message
