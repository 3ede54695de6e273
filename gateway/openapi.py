"""One OpenAPI document from those of the services: the public paths only, names kept apart.

A component that two services define differently is renamed in the later one, with its
references. A service that is down keeps its last heard part of the document.
"""

import copy
import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.map import PUBLIC, SERVICES, find_prefix

Document = dict[str, Any]

_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
_REF = "#/components/"
_SCHEME = "lingjun"
_INFO = {
    "title": "领军人才培训管理平台 · Lingjun",
    "version": "1.0.0",
    "description": (
        "From policy pack to a certificate that checks. Every POST takes `Idempotency-Key`; "
        "times are RFC 3339; refusals are RFC 9457 problem documents in Chinese or English "
        "(`Accept-Language`)."
    ),
}
_SCOPES: dict[str, str] = {}
_CREDENTIALS: Document = {
    "type": "oauth2",
    "description": "OAuth 2.0 client credentials of an API client.",
    "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": _SCOPES}},
}
_SIGNED_IN: dict[str, list[str]] = {_SCHEME: []}
_OPEN: list[dict[str, list[str]]] = []


def merge(documents: Mapping[str, Document]) -> Document:
    """Merge the documents of the services, in the order of the map."""
    paths: Document = {}
    components: dict[str, Document] = {}
    tags: list[Document] = []
    seen: set[str] = set()
    for service in (name for name in SERVICES if name in documents):
        document = _kept_apart(service, copy.deepcopy(documents[service]), components)
        for kind, named in document.get("components", {}).items():
            if kind != "securitySchemes":
                components.setdefault(kind, {}).update(named)
        for path, item in _public_paths(service, document):
            paths[path] = item
            for operation in _operations(item):
                _describe(operation, service, path, seen)
                tags += [{"name": tag} for tag in operation["tags"] if {"name": tag} not in tags]
    components["securitySchemes"] = {_SCHEME: _CREDENTIALS}
    return {
        "openapi": "3.1.0",
        "info": _INFO,
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": components,
        "tags": tags,
    }


def _public_paths(service: str, document: Document) -> Iterator[tuple[str, Document]]:
    for path, item in document.get("paths", {}).items():
        prefix = find_prefix(path)
        if prefix is not None and PUBLIC[prefix] == service:
            yield path, item


def _operations(item: Document) -> Iterator[Document]:
    return (operation for method, operation in item.items() if method in _METHODS)


def _describe(operation: Document, service: str, path: str, seen: set[str]) -> None:
    """Give an operation a tag, an id of its own, and the security that its declared callers mean."""
    subject = next(part for part in path.split("/") if part and part not in {"v1", ".well-known"})
    operation["tags"] = operation.get("tags") or [f"{service}: {subject}"]
    if operation.get("operationId") in seen:
        operation["operationId"] = f"{service}_{operation['operationId']}"
    seen.add(operation["operationId"])
    needs_token = "anyone" not in operation.get("x-callers", {"anyone": True})
    operation["security"] = [_SIGNED_IN] if needs_token else _OPEN


def _kept_apart(service: str, document: Document, taken: Mapping[str, Document]) -> Document:
    """Rename the components whose name is taken by something else, and all references to them.

    A renamed component changes those that refer to it, so this goes on until nothing collides.
    """
    while renamed := _collisions(service, document, taken):
        for old, new in renamed.items():
            kind, name = old.removeprefix(_REF).split("/")
            named = document["components"][kind]
            named[new.rsplit("/", 1)[1]] = named.pop(name)
        _rewrite(document, renamed)
    return document


def _collisions(service: str, document: Document, taken: Mapping[str, Document]) -> dict[str, str]:
    return {
        f"{_REF}{kind}/{name}": f"{_REF}{kind}/{service.capitalize()}{name}"
        for kind, named in document.get("components", {}).items()
        for name, value in named.items()
        if taken.get(kind, {}).get(name, value) != value
    }


def _rewrite(node: Any, renamed: Mapping[str, str]) -> None:
    """Follow the whole document; `mapping` of a discriminator names components by plain strings."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str):
                node[key] = renamed.get(value, value)
            else:
                _rewrite(value, renamed)
    elif isinstance(node, list):
        for value in node:
            _rewrite(value, renamed)


class MergedDocument:
    """The merged document as bytes; merged again only when a part has changed."""

    def __init__(self) -> None:
        self._parts: dict[str, bytes] = {}
        self._body = b""
        self.etag = b""

    @property
    def missing(self) -> list[str]:
        return [service for service in SERVICES if service not in self._parts]

    def read(self) -> bytes:
        if not self._body:
            merged = merge({service: json.loads(part) for service, part in self._parts.items()})
            self._body = json.dumps(merged, ensure_ascii=False, separators=(",", ":")).encode()
            self.etag = b'"' + hashlib.sha256(self._body).hexdigest()[:32].encode() + b'"'
        return self._body

    def hear(self, service: str, part: bytes) -> None:
        if self._parts.get(service) != part:
            self._parts[service] = part
            self._body = b""
