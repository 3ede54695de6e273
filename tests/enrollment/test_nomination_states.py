"""What is stated of a nomination straight from its row has the form of the body that listeners read."""

from datetime import UTC, datetime

from services.enrollment.nominations.states import state_of_row
from shared.events.enrollment import NominationState

ROW = {
    "id": "01a22f5d-9148-7d9b-98e7-90f5fdb84d5e",
    "cycle_id": "2022-2023",
    "class_id": "01a22f5d-91dc-7f85-ab37-41a3135f74d0",
    "person_id": "01a22f5d-9150-7e56-b94c-c2d20091fb2b",
    "enterprise_id": "01a22f5d-9310-78dd-a8f8-078ab446f070",
    "department_id": "01a22f5d-ce5c-7d96-b1eb-dcf0851638e0",
    "target_group": "leading_sme",
    "status": "nominated",
    "credits": {"recommended": {"organisation_id": "o"}, "filed": {"organisation_id": "p"}},
    "findings": [{"code": "tier"}, {"code": "evidence"}, {"code": "tier"}],
    "version": 3,
    "revision": 2,
    "post": "总经理",
}


def test_a_state_made_of_a_row_is_the_body_that_its_kind_writes():
    said = state_of_row(ROW, datetime(2023, 5, 4, tzinfo=UTC), {"org:b", "act:a"})
    assert NominationState.model_validate(said.data).model_dump(mode="json") == said.data
    assert said.data["channels"] == ["filed", "recommended"]
    assert said.data["findings"] == ["evidence", "tier"]
    assert (said.type, said.version, said.audience) == (NominationState.state_type(), 3, ("act:a", "org:b"))
