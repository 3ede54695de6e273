"""The packs under test: the two that ship, and three that are invented."""

from pathlib import Path
from typing import Any

import pytest

from shared.events.policy import PolicyPack, load_pack

SHIPPED = Path(__file__).parents[2] / "services" / "registry" / "packs"
INVENTED = Path(__file__).parent / "packs"


@pytest.fixture(scope="session")
def earlier() -> PolicyPack:
    return load_pack((SHIPPED / "2019-2020.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def later() -> PolicyPack:
    return load_pack((SHIPPED / "2022-2023.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def harbour() -> PolicyPack:
    return load_pack((INVENTED / "invented-harbour.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def cloud() -> PolicyPack:
    return load_pack((INVENTED / "invented-cloud.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def bare() -> PolicyPack:
    return load_pack((INVENTED / "invented-bare.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def document(later: PolicyPack) -> dict[str, Any]:
    """Give each test a good document of its own to spoil."""
    return later.document()
