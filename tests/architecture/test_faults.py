"""What is refused is said in full: every status that a table of faults names has a title in both languages."""

import pytest

from gateway.errors import ERRORS as GATEWAY
from services.certification.errors import ERRORS as CERTIFICATION
from services.enrollment.errors import ERRORS as ENROLLMENT
from services.registry.errors import ERRORS as REGISTRY
from shared.faults import PLATFORM_FAULTS
from shared.problems import Faults
from shared.sentences import TITLES


@pytest.mark.parametrize("faults", [PLATFORM_FAULTS, GATEWAY, REGISTRY, ENROLLMENT, CERTIFICATION])
def test_every_status_of_a_fault_has_a_title_of_its_own(faults: Faults):
    assert {fault.status for fault in faults.values()} <= TITLES.keys()
