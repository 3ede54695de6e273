"""xAPI statements for tests."""

import uuid
from typing import Any


def statement(
    name: str, *, verb: str = "completed", duration: str = "PT1H", identifier: str | None = None
) -> dict[str, Any]:
    """Say that somebody learnt something for a while."""
    return {
        "id": identifier or str(uuid.uuid4()),
        "actor": {"account": {"homePage": "https://learning.example.org", "name": name}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": "https://learning.example.org/courses/1"},
        "result": {"duration": duration},
        "timestamp": "2023-04-01T09:00:00+08:00",
    }
