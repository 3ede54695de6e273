"""Builds a service's HTTP application: routers at the edge, problems for every refusal, health, logs.

Nothing leaves it that is neither a view nor a problem; an unexpected exception becomes a 500 that
carries the request id and no word of its cause.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import openapi
from shared.bodies import limited
from shared.caller import SignInRequired, StampInvalid, StampMissing, StampVerifier
from shared.copywatch import RETRY_AFTER_SECONDS, CopyWatch
from shared.database import Database
from shared.faults import AWAY, PLATFORM_FAULTS, Busy, RouteUnknown, refusal_of
from shared.ids import new_id
from shared.keys import KeyRing
from shared.problems import (
    Faults,
    Voice,
    invalid_parts,
    plain_problem,
    preferred_language,
    present_language,
    problem_of,
    respond,
    speaking,
)
from shared.redacted import describe
from shared.sentences import http_detail, title
from shared.settings import ServiceSettings

REQUEST_ID_HEADER = "Lingjun-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_UNTOLD = frozenset({"/healthz", "/readyz"})
_CODES = {
    404: "route-unknown",
    405: "method-not-allowed",
    413: "body-too-large",
    415: "media-type-unsupported",
}

_CLIENT_GONE = 499
_MOST_TOLD = 3
_MOST_LISTED = 100

_log = structlog.get_logger("request")


def service_app(
    name: str,
    service: str,
    database: Database,
    routers: Iterable[APIRouter],
    errors: Faults,
    settings: ServiceSettings,
    *,
    description: str = "",
    stamps: StampVerifier | None = None,
    owns_database: bool = True,
    migrations: Path | None = None,
) -> FastAPI:
    """Build the application of a service.

    `stamps` verifies callers; without it the public stamp key of the key ring does. An application
    that owns its database opens and closes it with its own life. `migrations` is the folder of its
    revisions: it is ready once the database is at the newest.
    """
    faults: Faults = {**PLATFORM_FAULTS, **errors}

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        if owns_database:
            await database.start()
        yield
        if owns_database:
            await database.close()

    app = FastAPI(
        title=name,
        version="1",
        description=description,
        lifespan=life,
        openapi_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service = service
    app.state.database = database
    app.state.settings = settings
    app.state.newest_revision = newest_revision(migrations) if migrations else None
    app.state.copy_watch = CopyWatch(database)
    app.state.stamps = stamps or StampVerifier(
        KeyRing(settings.keys_directory, create=settings.is_rehearsal).public("stamp")
    )
    for router in routers:
        app.include_router(router)
    app.add_api_route("/openapi.json", _describe, include_in_schema=False)
    app.add_api_route("/healthz", _alive, include_in_schema=False)
    app.add_api_route("/readyz", _ready, include_in_schema=False)
    for kind in faults:
        app.add_exception_handler(kind, _answer_named)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(DBAPIError, _answer_database)
    for away in (PoolExhausted, *AWAY):
        app.add_exception_handler(away, _answer_database)
    app.add_middleware(_Surroundings, service=service, faults=faults)
    setattr(app, "openapi", partial(openapi.describe, app))  # noqa: B010 - FastAPI's own way; a method for type checkers
    return app


async def _describe(request: Request) -> Response:
    """Tell what can be asked; the document is made in a thread, so that other requests go on meanwhile."""
    return await asyncio.to_thread(lambda: JSONResponse(request.app.openapi()))


async def _alive() -> dict[str, str]:
    return {"status": "alive"}


async def _ready(request: Request) -> Response:
    """Tell whether the database answers and has its tables; the keys were read when the process began."""
    newest: str | None = request.app.state.newest_revision
    try:
        async with request.app.state.database.read() as session:
            await session.execute(text("SELECT 1 FROM idempotency_keys WHERE 1 = 0"))
            # A database that is ahead was migrated for our successor and still serves us.
            present = newest and await session.scalar(text("SELECT version_num FROM alembic_version"))
    except (SQLAlchemyError, OSError):
        return await _answer_named(request, Busy())
    if newest is not None and str(present) < newest:
        return await _answer_named(request, Busy())
    return Response('{"status":"ready"}', media_type="application/json")


def newest_revision(migrations: Path) -> str:
    """Read the number of the newest revision from the names of the files."""
    return max(file.name.partition("_")[0] for file in (migrations / "versions").glob("[0-9]*.py"))


async def _answer_named(request: Request, error: Exception) -> Response:
    return respond(request, problem_of(error), _headers_of(error))


def _headers_of(error: Exception) -> dict[str, str]:
    match error:
        case StampMissing() | SignInRequired():
            return {"www-authenticate": "Bearer"}
        case StampInvalid():
            return {"www-authenticate": 'Bearer error="invalid_token"'}
        case Busy():
            return {"retry-after": str(RETRY_AFTER_SECONDS)}
        case _ if (seconds := getattr(error, "retry_after", None)) is not None:
            return {"retry-after": str(seconds)}
        case _:
            return {}


async def _answer_http(request: Request, error: Exception) -> Response:
    """Answer what Starlette and FastAPI refuse by themselves."""
    status = getattr(error, "status_code", 500)
    headers = dict(getattr(error, "headers", None) or {})
    if status == HTTPStatus.NOT_FOUND:
        return respond(request, problem_of(RouteUnknown()), headers)
    code = _CODES.get(status, "request-unreadable" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "failed")
    words = http_detail(status, present_language())
    return respond(request, plain_problem(status, code, words, fixed_by="caller"), headers)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    parts = invalid_parts(error.errors() if isinstance(error, RequestValidationError) else [])
    words = " ".join(f"{part.pointer or part.parameter or '/'}: {part.detail}" for part in parts[:_MOST_TOLD])
    problem = plain_problem(422, "invalid-request", words, fixed_by="caller", errors=parts[:_MOST_LISTED])
    return respond(request, problem)


async def _answer_database(request: Request, error: Exception) -> Response:
    refusal = refusal_of(error)
    if refusal is None:
        raise error
    _log.warning("refused by the database", error=describe(error))
    return await _answer_named(request, refusal)


class _Surroundings:
    """Gives a request its id, its language, a limit to its body, its line in the log, and a last resort."""

    def __init__(self, app: ASGIApp, service: str, faults: Faults) -> None:
        self._app = app
        self._service = service
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = Request(scope, receive)
        given = request.headers.get(REQUEST_ID_HEADER, "")
        request_id = given if _REQUEST_ID.fullmatch(given) else new_id()
        voice = Voice(self._faults, preferred_language(request.headers.get("accept-language")))
        began = time.perf_counter()
        status = 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                named = (REQUEST_ID_HEADER.lower().encode(), request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        notes = {"service": self._service, "request_id": request_id, "route": None, "principal": None}
        with speaking(voice), structlog.contextvars.bound_contextvars(**notes):
            try:
                await self._app(scope, limited(request, receive), tell)
            except ClientDisconnect:
                status = _CLIENT_GONE
            except Exception as error:
                _log.error("defect", error=describe(error))  # not its message: that may quote values
                if status:
                    raise
                words = title(HTTPStatus.INTERNAL_SERVER_ERROR, present_language())
                problem = plain_problem(500, "internal-error", f"{words} ({request_id})", fixed_by="operator")
                await respond(request, problem)(scope, receive, tell)
            finally:
                if scope["path"] not in _UNTOLD:
                    ms = round((time.perf_counter() - began) * 1000, 1)
                    _log.info("request", method=scope["method"], status=status, ms=ms)
