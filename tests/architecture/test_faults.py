"""What is refused is said in full: each status with a title in each language, each error in its README."""

import re
from pathlib import Path

import pytest

from gateway.errors import ERRORS as GATEWAY
from services.certification.errors import ERRORS as CERTIFICATION
from services.enrollment.errors import ERRORS as ENROLLMENT
from services.evaluation.errors import ERRORS as EVALUATION
from services.integration.errors import ERRORS as INTEGRATION
from services.registry.errors import ERRORS as REGISTRY
from shared.faults import PLATFORM_FAULTS
from shared.problems import Faults, code_of
from shared.sentences import TITLES

SERVICES = Path(__file__).parents[2] / "services"


@pytest.mark.parametrize(
    "faults", [PLATFORM_FAULTS, GATEWAY, REGISTRY, ENROLLMENT, EVALUATION, CERTIFICATION, INTEGRATION]
)
def test_every_status_of_a_fault_has_a_title_of_its_own(faults: Faults):
    assert {fault.status for fault in faults.values()} <= TITLES.keys()


@pytest.mark.parametrize(
    ("service", "faults"),
    [
        ("registry", REGISTRY),
        ("enrollment", ENROLLMENT),
        ("evaluation", EVALUATION),
        ("certification", CERTIFICATION),
        ("integration", INTEGRATION),
    ],
)
def test_the_readme_names_every_refusal(service: str, faults: Faults):
    readme = (SERVICES / service / "README.md").read_text(encoding="utf-8")
    untold = [
        error for error in faults if not {f"`{error.__name__}`", f"`{code_of(error)}`"} & _words(readme)
    ]
    assert untold == []


def _words(text: str) -> set[str]:
    return set(re.findall(r"`[^`]+`", text))
