"""One document of many: public paths only, every name once, every reference met."""

import json
from typing import Any

from gateway.openapi import MergedDocument, merge
from tests.support.door import Opening


def _operation(name: str, *, schema: str = "View", **more: Any) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    answer = {"description": "", "content": {"application/json": {"schema": reference}}}
    return {"operationId": name, "responses": {"200": answer}, **more}


def _document(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    return {"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}}


REGISTRY = _document(
    {
        "/v1/classes": {
            "get": _operation("list", schema="Page", **{"x-callers": {"signed_in": True}}),
            "post": _operation("create", **{"x-callers": {"act": "approve_classes"}}),
        },
        "/v1/designations": {"get": _operation("list_designations", **{"x-callers": {"anyone": True}})},
        "/v1/rosters": {"get": _operation("stolen")},
        "/v1/outbox": {"post": _operation("relay")},
    },
    View={"type": "object", "title": "class"},
    Page={"type": "array", "items": {"$ref": "#/components/schemas/View"}},
    Problem={"type": "object"},
)
ENROLLMENT = _document(
    {"/v1/rosters": {"get": _operation("list", schema="Page", **{"x-callers": {"signed_in": True}})}},
    View={"type": "object", "title": "roster"},
    Page={"type": "array", "items": {"$ref": "#/components/schemas/View"}},
    Problem={"type": "object"},
)


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [found for value in node.values() for found in _references(value)]
    return [found for value in node for found in _references(value)] if isinstance(node, list) else []


def check(document: dict[str, Any]) -> None:
    """Hold a merged document to what every reader of OpenAPI relies on."""
    for reference in _references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step.replace("~1", "/").replace("~0", "~")]
    names = [operation["operationId"] for operation in _operations(document)]
    assert len(names) == len(set(names))
    assert all(operation["tags"] and operation["responses"] for operation in _operations(document))
    tags = [tag["name"] for tag in document["tags"]]
    assert len(tags) == len(set(tags))
    assert {tag for operation in _operations(document) for tag in operation["tags"]} == set(tags)


def test_only_the_public_paths_of_each_service_are_told():
    document = merge({"registry": REGISTRY, "enrollment": ENROLLMENT})
    assert list(document["paths"]) == ["/v1/classes", "/v1/designations", "/v1/rosters"]
    assert "stolen" not in json.dumps(document)
    check(document)


def test_two_things_of_one_name_are_kept_apart_with_what_refers_to_them():
    document = merge({"registry": REGISTRY, "enrollment": ENROLLMENT})
    schemas = document["components"]["schemas"]
    assert schemas["View"]["title"] == "class"
    assert schemas["EnrollmentView"]["title"] == "roster"
    assert schemas["EnrollmentPage"]["items"] == {"$ref": "#/components/schemas/EnrollmentView"}
    assert schemas["Page"]["items"] == {"$ref": "#/components/schemas/View"}
    assert "EnrollmentProblem" not in schemas
    answer = document["paths"]["/v1/rosters"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/EnrollmentPage"}


def test_an_operation_says_whether_it_needs_a_token():
    document = merge({"registry": REGISTRY})
    classes, designations = document["paths"]["/v1/classes"], document["paths"]["/v1/designations"]
    assert classes["get"]["security"] == classes["post"]["security"] == [{"lingjun": []}]
    assert designations["get"]["security"] == []
    flow = document["components"]["securitySchemes"]["lingjun"]["flows"]["clientCredentials"]
    assert flow["tokenUrl"] == "/oauth/token"


def test_merging_leaves_the_parts_as_they_were():
    before = json.dumps([REGISTRY, ENROLLMENT])
    merge({"registry": REGISTRY, "enrollment": ENROLLMENT})
    assert json.dumps([REGISTRY, ENROLLMENT]) == before


def test_the_document_is_merged_again_only_when_a_part_changed():
    document = MergedDocument()
    document.hear("registry", json.dumps(REGISTRY).encode())
    first, etag = document.read(), document.etag
    document.hear("registry", json.dumps(REGISTRY).encode())
    assert document.read() is first
    document.hear("enrollment", json.dumps(ENROLLMENT).encode())
    assert document.read() != first
    assert document.etag != etag


async def test_a_service_that_was_never_heard_makes_the_document_wait(opening: Opening):
    door = await opening("process")

    async def down(*_: object) -> None:
        raise ConnectionError

    heard = door.gateway._upstreams["enrollment"]
    door.gateway._upstreams["enrollment"] = down
    waiting = await door.http.get("/openapi.json")
    door.gateway._upstreams["enrollment"] = heard
    whole = await door.http.get("/openapi.json")
    assert waiting.status_code == 503
    assert waiting.json()["service"] == "enrollment"
    assert whole.status_code == 200
