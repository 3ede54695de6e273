"""Imports: a dry run, then the same file stored row by row or all or nothing, and a report that stays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from services.enrollment.imports.domain import UPLOAD_DAYS
from services.enrollment.imports.models import Import, ImportPart
from services.enrollment.imports.running import MOST_ATTEMPTS
from services.enrollment.imports.screening import Screener
from shared.ids import new_id
from tests.support.nominees import Plan, uscc
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


async def test_a_file_in_which_no_row_can_be_understood_is_reported_all_the_same(desk: Desk):
    told = await desk.upload(as_csv([trainee(1, name=""), trainee(2, post="")]), dry_run="false")
    assert told["status"] == "committed"
    assert told["counts"] == {"refused": 2}
    assert await desk.findings(told["id"]) == {("G2", "value_missing"), ("J3", "value_missing")}


async def test_what_was_checked_is_committed_from_the_same_file(desk: Desk):
    told = await desk.upload(as_csv([trainee(1), trainee(2), trainee(3, post="")]))
    answer = await desk.plan.post(desk.organisation_id, f"/v1/imports/{told['id']}/commit")
    assert answer.json()["status"] == "committing"
    await desk.work()
    told = await desk.read(told["id"])
    assert told["status"] == "committed"
    assert told["counts"] == {"nominated": 2, "refused": 1}
    assert told["lines_done"] == told["lines"] == 4
    assert await nominated(desk) == 2
    again = await desk.plan.post(desk.organisation_id, f"/v1/imports/{told['id']}/commit")
    assert again.status_code == 409
    assert again.json()["type"].endswith("import-not-checked")


async def test_the_same_file_once_more_changes_nothing(desk: Desk):
    content = as_csv([trainee(1), trainee(2)])
    await desk.upload(content, dry_run="false")
    told = await desk.upload(content, dry_run="false")
    assert told["counts"] == {"unchanged": 2}
    assert await nominated(desk) == 2


async def test_the_other_channel_credits_who_is_nominated_already(desk: Desk):
    content = as_csv([trainee(1)])
    await desk.upload(content, dry_run="false")
    told = await Desk(desk.plan, desk.plan.institution).upload(content, dry_run="false")
    assert told["counts"] == {"credited": 1}


async def test_all_or_nothing_stores_nothing_while_one_row_is_in_error(desk: Desk):
    told = await desk.upload(as_csv([trainee(1), trainee(2, phone="x")]), mode="atomic", dry_run="false")
    assert told["status"] == "refused"
    assert told["counts"] == {"refused": 1, "sound": 1}
    assert await nominated(desk) == 0
    told = await desk.upload(as_csv([trainee(1), trainee(2)]), mode="atomic", dry_run="false")
    assert told["status"] == "committed"
    assert await nominated(desk) == 2


async def test_a_row_in_error_leaves_no_enterprise_behind(desk: Desk):
    rows = [trainee(1, enterprise=60, phone="x"), trainee(2, enterprise=61)]
    told = await desk.upload(as_csv(rows), dry_run="false")
    assert told["counts"] == {"nominated": 1, "refused": 1}
    for number, found in ((60, 0), (61, 1)):
        page = await desk.plan.get(desk.plan.bureau, "/v1/enterprises", uscc=uscc(number))
        assert len(page.json()["items"]) == found


async def test_what_differs_from_the_record_is_told_and_the_record_stays(desk: Desk):
    told = await desk.upload(as_csv([trainee(1, employees=999)]), dry_run="false")
    assert await desk.findings(told["id"]) == {("E2", "enterprise_differs")}
    page = await desk.plan.get(desk.plan.bureau, "/v1/enterprises", uscc=uscc(1))
    assert page.json()["items"][0]["employees"] == 200


async def test_a_department_imports_nobody_of_another_department(desk: Desk):
    told = await desk.upload(as_csv([trainee(1, enterprise=2, department="宁波")]))
    assert await desk.findings(told["id"]) == {("B2", "nominator_has_no_role")}


async def test_an_import_is_cancelled_once_and_keeps_what_it_had_stored(desk: Desk):
    answer = await desk.post_file(as_csv([trainee(1)]), dry_run="false")
    path = f"/v1/imports/{answer.json()['id']}/cancellation"
    assert (await desk.plan.post(desk.organisation_id, path)).json()["status"] == "cancelled"
    await desk.work()
    assert await nominated(desk) == 0
    assert (await desk.plan.post(desk.organisation_id, path)).json()["type"].endswith("import-over")


async def test_imports_of_others_are_not_found(desk: Desk):
    told = await desk.upload(as_csv([trainee(1)]))
    for path in ("", "/rows", "/workbook"):
        answer = await desk.plan.get(desk.plan.ningbo, f"/v1/imports/{told['id']}{path}")
        assert answer.status_code == 404


async def test_a_file_for_a_class_of_which_nothing_was_heard_is_refused_and_may_come_again(desk: Desk):
    answer = await desk.post_file(as_csv([trainee(1)]), class_id=new_id())
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("class-unknown")
    assert answer.headers["retry-after"]


async def test_a_class_that_takes_nobody_refuses_the_file(desk: Desk):
    answer = await desk.post_file(as_csv([trainee(1)]), dry_run="false")
    await desk.plan.world.turn(desk.plan.class_id, status="finished")
    await desk.work()
    told = await desk.read(answer.json()["id"])
    assert told["status"] == "refused"
    assert await desk.findings(told["id"]) == {("A1", "class_takes_no_nominations")}


async def test_nothing_uploaded_is_kept_in_the_clear_and_it_goes_after_a_week(desk: Desk):
    content = as_csv([trainee(1)])
    told = await desk.upload(content)
    database = desk.plan.world.database
    async with database.read() as session:
        parts = (await session.scalars(select(ImportPart.content))).all()
    assert parts
    assert not any("演练甲".encode() in part for part in parts)
    async with database.write() as session:
        row = await session.get_one(Import, told["id"])
        row.ended_at = datetime.now(UTC) - timedelta(days=UPLOAD_DAYS, seconds=1)
    await desk.work()
    answer = await desk.plan.get(desk.organisation_id, f"/v1/imports/{told['id']}/workbook")
    assert answer.status_code == 410
    answer = await desk.plan.post(desk.organisation_id, f"/v1/imports/{told['id']}/commit")
    assert answer.status_code == 410
    assert (await desk.read(told["id"]))["counts"] == {"sound": 1}


async def test_a_defect_of_ours_ends_an_import_as_failed_and_lets_others_pass(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_given: object, **_also: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as within:
        within.setattr(Screener, "screen", broken)
        told = await desk.upload(as_csv([trainee(1)]))
        for _ in range(MOST_ATTEMPTS):
            await desk.work()
    assert (await desk.read(told["id"]))["status"] == "failed"
    assert (await desk.upload(as_csv([trainee(1)])))["status"] == "checked"


async def test_an_empty_request_and_a_stranger_bring_no_file(desk: Desk):
    answer = await desk.post_file(b"")
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("upload-empty")
    stranger = await Desk(desk.plan, desk.plan.rival).post_file(as_csv([trainee(1)]))
    assert stranger.status_code == 403
