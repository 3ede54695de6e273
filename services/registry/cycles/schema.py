"""The published JSON Schema of policy packs, as one answer that any cache may keep."""

from hashlib import sha256

from fastapi import Request, Response

from shared.cached import has
from shared.events.policy import schema_text

MAX_AGE_SECONDS = 3600


class SchemaAnswer(Response):
    """The schema; it changes only with the platform, so its hash is its ETag."""

    media_type = "application/schema+json"

    @classmethod
    def to(cls, request: Request) -> Response:
        """Answer a request, with nothing but 304 to who has this schema already."""
        body = schema_text().encode()
        tag = f'"{sha256(body).hexdigest()}"'
        headers = {"etag": tag, "cache-control": f"public, max-age={MAX_AGE_SECONDS}"}
        if has(request, tag):
            return Response(status_code=304, headers=headers)
        return cls(body, headers=headers)
