"""The OpenAPI document of a service: what the edge adds to every operation, said once.

Problems, the headers that the edge reads and who may call belong to each operation, and no route
repeats them.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from shared.problems import MEDIA_TYPE, Problem
from shared.sentences import TITLES

_REFERENCE = "#/components/schemas/{model}"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})

_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "zh（默认）或 en / zh (default) or en",
}
_NOW = {
    "name": "Lingjun-Now",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "format": "date-time"},
    "description": "仅演练模式：请求的时间 / rehearsal only: the time of the request",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "重复发送得到同一应答 / a repetition is answered, not done, again",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Make the document, once."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in _METHODS:
                _complete(method, operation)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    _add(schemas, Problem)
    app.openapi_schema = document
    return document


def undeclared_operations(app: FastAPI) -> list[str]:
    """Name the operations that do not say who may call them."""
    return [
        f"{method.upper()} {path}"
        for path, item in describe(app)["paths"].items()
        for method, operation in item.items()
        if method in _METHODS and not operation.get("x-callers")
    ]


def _complete(method: str, operation: dict[str, Any]) -> None:
    parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
    rests_on_version = any(parameter["name"] == "If-Match" for parameter in parameters)
    parameters += [_LANGUAGE, _NOW]
    if method == "post":
        parameters.append(_KEY)
    has_path = any(parameter["in"] == "path" for parameter in parameters)
    has_body = "requestBody" in operation
    possible = {
        400: True,
        401: True,
        403: not operation.get("x-callers", {}).get("anyone"),
        404: has_path or has_body,
        409: method != "get",
        412: rests_on_version,
        413: has_body,
        415: has_body,
        422: True,
        500: True,
        503: True,
    }
    answers = operation.setdefault("responses", {})
    possible |= {status: True for status in TITLES if str(status) in answers}  # what a route adds by itself
    for status, may_come in possible.items():
        if may_come:
            answers[str(status)] = _answer(status)


def _answer(status: int) -> dict[str, Any]:
    zh, en = TITLES[status]
    schema = {"$ref": _REFERENCE.format(model=Problem.__name__)}
    return {"description": f"{zh} / {en}", "content": {MEDIA_TYPE: {"schema": schema}}}


def _add(schemas: dict[str, Any], model: type[BaseModel]) -> None:
    schema = model.model_json_schema(ref_template=_REFERENCE, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    schemas[model.__name__] = schema
