"""The README of the registry tells every named error with its status, and no other."""

import re
from pathlib import Path

from services.registry.errors import ERRORS

README = Path(__file__).parents[2] / "services" / "registry" / "README.md"


def test_the_readme_lists_every_refusal_with_its_status():
    told = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted((int(status), name) for status, name in told) == sorted(
        (fault.status, error.__name__) for error, fault in ERRORS.items()
    )
