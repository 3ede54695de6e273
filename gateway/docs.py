"""The documentation page: Swagger UI and one page of our own, all from this folder's `assets`.

The content policy lets the page load from this host only; a test holds it to that.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gateway.asgi import Headers

_ASSETS = Path(__file__).parent / "assets"
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    b"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FILES = {
    "/docs": ("docs.html", b"text/html; charset=utf-8"),
    "/docs/assets/docs.css": ("docs.css", b"text/css; charset=utf-8"),
    "/docs/assets/docs.js": ("docs.js", b"text/javascript; charset=utf-8"),
    "/docs/assets/swagger-ui.css": ("swagger-ui/swagger-ui.css", b"text/css; charset=utf-8"),
    "/docs/assets/swagger-ui-bundle.js": (
        "swagger-ui/swagger-ui-bundle.js",
        b"text/javascript; charset=utf-8",
    ),
}


@dataclass(frozen=True)
class Page:
    body: bytes
    headers: Headers
    etag: bytes


def load_pages() -> dict[str, Page]:
    """Read the few files once; each is kept by browsers and asked for again by its tag."""
    return {path: _page(_ASSETS / name, media) for path, (name, media) in _FILES.items()}


def _page(file: Path, media: bytes) -> Page:
    body = file.read_bytes()
    etag = b'"' + hashlib.sha256(body).hexdigest()[:32].encode() + b'"'
    headers = [
        (b"content-type", media),
        (b"content-security-policy", _POLICY),
        (b"cache-control", b"no-cache"),
        (b"etag", etag),
    ]
    return Page(body, headers, etag)
