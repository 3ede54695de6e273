"""The token of a personal link: the id of its row, signed (HS256) with a key of this purpose alone.

Whoever has no token of ours cannot make one, so ids are never tried against the database. When a link ends
is said by its row, not by the token: it may be revoked at any time.
"""

from typing import Annotated

from fastapi import Depends, Header, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.enrollment.personal.domain import PersonalLinkRefused

_ALGORITHM = "HS256"
_AUDIENCE = "lingjun-personal-link"
_LONGEST = 1000


class LinkTokens:
    """Signs and reads tokens; `keys` are those of the purpose `personal-link`."""

    def __init__(self, keys: KeySet) -> None:
        self._keys = keys

    def sign(self, link_id: str) -> str:
        key = self._keys.keys[0]
        claims = {"aud": _AUDIENCE, "sub": link_id}
        return jwt.encode({"alg": _ALGORITHM, "kid": key.kid}, claims, key, algorithms=[_ALGORITHM])

    def read(self, token: str) -> str:
        """Tell the id that a token was signed for."""
        if len(token) > _LONGEST:
            raise PersonalLinkRefused
        try:
            claims = jwt.decode(token, self._keys, algorithms=[_ALGORITHM]).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise PersonalLinkRefused from error
        if claims.get("aud") != _AUDIENCE:
            raise PersonalLinkRefused
        return str(claims["sub"])


async def _tokens(request: Request) -> LinkTokens:
    return request.app.state.link_tokens


async def _shown_link(
    tokens: Annotated[LinkTokens, Depends(_tokens)],
    token: Annotated[
        str | None, Header(alias="Lingjun-Personal-Link", description="个人链接 / token of the personal link")
    ] = None,
) -> str:
    """Read the id of the link that the request shows; never from its address, which is logged everywhere."""
    if token is None:
        raise PersonalLinkRefused
    return tokens.read(token)


Tokens = Annotated[LinkTokens, Depends(_tokens)]
ShownLink = Annotated[str, Depends(_shown_link)]
