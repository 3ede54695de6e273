"""HTTP in: the token endpoint, the keys, the revocations and the metadata of the authorization server.

The token endpoint speaks RFC 6749, not problem details. Tokens always use real time, in rehearsal too.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from services.registry.clients import queries
from services.registry.clients.domain import TOKEN_LIFETIME
from services.registry.clients.grant import (
    FORM,
    OAuthError,
    authenticate,
    check_grant,
    read_credentials,
    read_form,
)
from services.registry.clients.schemas import RevokedClientsView, TokenView
from services.registry.clients.tokens import ALGORITHM, SCOPE, TokenIssuer
from shared.caller import callers
from shared.edge import Reading, Writing, router

routes = router(tags=["oauth"])

_UNSTORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_METHODS = ["client_secret_basic", "client_secret_post"]
_TEXT = {"type": "string"}
_DECLARED = callers(anyone=True)
_DECLARED["openapi_extra"] = {
    **_DECLARED["openapi_extra"],
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": _TEXT,
                        "client_id": _TEXT,
                        "client_secret": {**_TEXT, "format": "password"},
                    },
                }
            }
        },
    },
    "responses": {
        str(status): {
            "description": "RFC 6749 section 5.2",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["error"],
                        "properties": {"error": _TEXT, "error_description": _TEXT},
                    }
                }
            },
        }
        for status in (400, 401)
    },
}


@routes.post("/oauth/token", summary="Get an access token", response_model=TokenView, **_DECLARED)
async def issue_token(request: Request, session: Writing) -> Response:
    """Exchange client credentials, by HTTP Basic or in the form, for a token of ten minutes."""
    now = datetime.now(UTC)
    issuer: TokenIssuer = request.app.state.tokens
    try:
        form = read_form(request.headers.get("content-type", ""), await request.body())
        check_grant(form)
        shown = read_credentials(request.headers.getlist("authorization"), form)
        bearer = await authenticate(session, shown, now)
    except OAuthError as error:
        return _refused(error, issuer.issuer)
    token = TokenView(
        access_token=issuer.issue(bearer, now),
        expires_in=int(TOKEN_LIFETIME.total_seconds()),
        scope=SCOPE,
    )
    return JSONResponse(token.model_dump(), headers=_UNSTORED)


@routes.get("/oauth/jwks", summary="Get the public keys of tokens", **callers(anyone=True))
async def get_jwks(request: Request) -> dict[str, Any]:
    """Get the JWK Set (RFC 7517) that access tokens are verified with."""
    issuer: TokenIssuer = request.app.state.tokens
    return issuer.jwks(datetime.now(UTC))


@routes.get("/oauth/revocations", summary="List lately revoked clients", **callers(anyone=True))
async def list_revocations(session: Reading) -> RevokedClientsView:
    """List clients revoked within the life of a token, so that their tokens are refused at once."""
    return await queries.list_revoked(session, datetime.now(UTC))


@routes.get(
    "/.well-known/oauth-authorization-server",
    summary="Get the metadata of the authorization server",
    **callers(anyone=True),
)
async def get_metadata(request: Request) -> dict[str, Any]:
    """Get the metadata (RFC 8414)."""
    issuer: str = request.app.state.tokens.issuer
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth/token",
        "jwks_uri": f"{issuer}/oauth/jwks",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": [SCOPE],
        "token_endpoint_auth_methods_supported": _METHODS,
        "access_token_signing_alg_values_supported": [ALGORITHM],
    }


def _refused(error: OAuthError, issuer: str) -> Response:
    headers = dict(_UNSTORED)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = f'Basic realm="{issuer}"'
    body = {"error": error.code, "error_description": error.description}
    return JSONResponse(body, status_code=error.status, headers=headers)
