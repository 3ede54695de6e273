"""How a refusal of the door is rendered: a problem document, and the headers that its status asks for."""

from gateway.asgi import Headers, Scope, header
from gateway.errors import (
    ERRORS,
    KeysUnknown,
    MethodNotAllowed,
    TokenExpired,
    TokenForged,
    TooManyRequests,
    UpstreamUnavailable,
)
from gateway.headers import CHALLENGE
from shared.problems import MEDIA_TYPE, Voice, preferred_language, problem_of, speak

_SOON = b"2"


def render(refusal: Exception, scope: Scope) -> tuple[int, Headers, bytes]:
    """Say it in the client's language; a service that ran in this task may have spoken another."""
    language = preferred_language((header(scope, b"accept-language") or b"").decode("latin-1"))
    speak(Voice(ERRORS, language))
    problem = problem_of(refusal, instance=scope["path"])
    headers: Headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-language", language.encode()),
        (b"vary", b"accept-language"),
        *_asked_for(refusal),
    ]
    return problem.status, headers, problem.model_dump_json(exclude_none=True).encode()


def _asked_for(refusal: Exception) -> Headers:
    match refusal:
        case TokenForged() | TokenExpired():
            return [(b"www-authenticate", CHALLENGE + b', error="invalid_token"')]
        case TooManyRequests(retry_after=seconds):
            return [(b"retry-after", str(seconds).encode())]
        case KeysUnknown() | UpstreamUnavailable():
            return [(b"retry-after", _SOON)]
        case MethodNotAllowed():
            return [(b"allow", b"GET, HEAD")]
        case _:
            return []
