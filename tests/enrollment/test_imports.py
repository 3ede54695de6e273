"""Imports: a dry run, then the same file stored row by row or all or nothing, and a report that stays."""

import pytest

from tests.support.nominees import Plan
from tests.support.sheets import Desk, as_csv, desk_of, trainee


@pytest.fixture
def desk(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(plan, plan.zhejiang, monkeypatch)


async def nominated(desk: Desk) -> int:
    answer = await desk.plan.get(
        desk.plan.bureau, "/v1/nominations", class_id=desk.plan.class_id, limit="1000"
    )
    return len(answer.json()["items"])


async def test_a_dry_run_checks_every_row_and_stores_none(desk: Desk):
    told = await desk.upload(as_csv([trainee(1), trainee(2, phone="x")]))
    assert told["status"] == "checked"
    assert told["counts"] == {"refused": 1, "sound": 1}
    assert await desk.findings(told["id"]) == {("I3", "phone_form")}
    assert await nominated(desk) == 0


async def test_what_was_checked_is_committed_from_the_same_file(desk: Desk):
    told = await desk.upload(as_csv([trainee(1), trainee(2), trainee(3, post="")]))
    answer = await desk.plan.post(desk.organisation_id, f"/v1/imports/{told['id']}/commit")
    assert answer.json()["status"] == "committing"
