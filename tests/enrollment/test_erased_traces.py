"""What else led to a person goes with the person; what runs over all people goes on without those erased."""

from pathlib import Path

import pytest
from sqlalchemy import select

from services.enrollment.duplicates.finding import find_when_due
from services.enrollment.imports.models import ImportPart
from services.enrollment.persons.models import Person
from services.enrollment.republishing import RESTATED
from services.enrollment.resealing import reseal_all
from tests.enrollment.test_resealing import rotated
from tests.support.activities import Ledger
from tests.support.erasing import AFTER_DUTY, ASKED, CLOSED_AT, close_cycle, erase, everything, reasons_of
from tests.support.merging import merge, merged, put_forward, undo
from tests.support.nominees import Plan, kind_of, nominee
from tests.support.restated import told_again, told_last
from tests.support.sheets import as_csv, desk_of, trainee


async def test_who_was_like_the_person_is_forgotten_and_never_found_again(plan: Plan):
    one, other, third = [await put_forward(plan, plan.class_id, number) for number in (1, 2, 3)]
    db = plan.world.database
    await find_when_due(db)
    assert len((await plan.get(plan.bureau, "/v1/duplicates")).json()["items"]) == 3
    await close_cycle(plan)
    assert (await erase(plan, one)).status_code == 201
    [left] = (await plan.get(plan.bureau, "/v1/duplicates")).json()["items"]
    assert {person["person"]["id"] for person in left["persons"]} == {other, third}
    answer = await merge(plan, other, one)
    assert (answer.status_code, kind_of(answer)) == (410, "person-erased")


async def test_a_merge_is_not_undone_once_nobody_knows_who_was_who(plan: Plan):
    survivor, retired = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    merge_id = await merged(plan, survivor, retired)
    await close_cycle(plan)
    answer = await erase(plan, retired)
    assert (answer.json()["person_id"], answer.json()["person_ids"]) == (
        survivor,
        sorted([survivor, retired]),
    )
    [trail] = (await plan.get(plan.bureau, "/v1/person-merges")).json()["items"]
    assert (trail["survivor_id"], trail["retired_id"], trail["reason"]) == (survivor, retired, "已删除")
    answer = await undo(plan, merge_id)
    assert (answer.status_code, kind_of(answer)) == (410, "person-erased")


async def test_the_report_of_an_import_keeps_the_line_and_loses_what_stood_there(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
):
    desk = desk_of(plan, plan.zhejiang, monkeypatch)
    full_width = str.maketrans("0123456789", "０１２３４５６７８９")
    row = trainee(1)
    rows = [{**row, "document_number": str(row["document_number"]).translate(full_width)}, trainee(2)]
    told = await desk.upload(as_csv(rows), dry_run="false")
    [line, _] = await desk.rows(told["id"])
    assert any(one["value"] for one in line["findings"])
    [person_id, _] = [
        one["person"]["id"]
        for one in (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
    ]
    await close_cycle(plan)
    assert (await erase(plan, person_id)).status_code == 201
    [emptied, _] = await desk.rows(told["id"])
    assert emptied == {**line, "findings": [{**one, "value": None} for one in line["findings"]]}
    async with plan.world.database.read() as session:
        assert (await session.scalars(select(ImportPart.number))).all() == []
    assert kind_of(await plan.get(plan.zhejiang, f"/v1/imports/{told['id']}/workbook")) == "upload-erased"


async def test_who_is_registered_for_an_activity_stays_until_it_is_over_and_is_then_no_guest_any_more(
    world_ledger: Ledger,
):
    ledger = world_ledger
    [enrolment_id] = await ledger.trainees(ledger.zhejiang)
    await ledger.graduate(enrolment_id, "领军-1")
    later = await ledger.opened(starts_on="2028-04-01", ends_on="2028-04-02")
    [registered] = await ledger.register(later, enrolment_id)
    async with ledger.world.as_(ledger.bureau, now=CLOSED_AT) as http:
        shown = (await http.get(f"/v1/enrolments/{enrolment_id}")).json()
    plan = Plan(
        ledger.world,
        ledger.cycle_id,
        ledger.bureau,
        ledger.bureau,
        ledger.zhejiang,
        ledger.ningbo,
        ledger.lead,
        ledger.rival,
        ledger.class_id,
    )
    person_id = shown["person"]["id"]
    other = await ledger.opened()
    await close_cycle(plan)
    assert reasons_of(await erase(plan, person_id, now=AFTER_DUTY)) == ["activity_open"]
    await ledger.leave(later, registered["value"]["id"])
    assert (await erase(plan, person_id, now=AFTER_DUTY)).status_code == 201
    for item in ({"enrolment_id": enrolment_id}, {"certificate_number": "领军-1"}):
        [refused] = await ledger.enter(other, item)
        assert (refused["status"], refused["problem"]["type"].rpartition(":")[2]) == (410, "person-erased")


@pytest.fixture
async def world_ledger(plan: Plan) -> Ledger:
    return await Ledger(plan.world).settle()


async def test_keys_change_without_those_who_are_erased(plan: Plan, tmp_path: Path):
    erased_id, other = [await put_forward(plan, plan.class_id, number) for number in (1, 2)]
    await close_cycle(plan)
    await erase(plan, erased_id)
    assert await reseal_all(plan.world.database, rotated(tmp_path / "keys")) == 1
    async with plan.world.database.read() as session:
        kept = await session.scalars(select(Person.id).where(Person.number_index.is_not(None)))
        assert kept.all() == [other]


async def test_what_changed_is_told_and_told_again_the_same(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    await close_cycle(plan)
    before = await told_last(plan.world.database)
    await erase(plan, person_id)
    after = await told_last(plan.world.database)
    changed = {subject for subject, told in after.items() if told != before[subject]}
    [nomination] = (await plan.get(plan.bureau, "/v1/nominations", class_id=plan.class_id)).json()["items"]
    assert changed == {f"enrollment.nomination/{nomination['id']}"}
    assert nomination["version"] == after[changed.pop()][0] == 2
    assert await told_again(plan.world.database, RESTATED) == after


async def test_the_record_of_an_erasure_says_nothing_of_the_person(plan: Plan):
    person_id = await put_forward(plan, plan.class_id, 1)
    await close_cycle(plan)
    for text in ({"note": "演练甲"}, {"reason": "演练甲"}, {"asked_by": "neighbour"}):
        async with plan.world.as_(plan.zhejiang, now=CLOSED_AT) as http:
            answer = await http.post(f"/v1/persons/{person_id}/erasure", json={**ASKED, **text})
        assert answer.status_code == 422
    assert (await erase(plan, person_id)).status_code == 201
    assert "演练甲" not in await everything(plan)
    [made] = await plan.nominate(plan.institution, nominee(plan.class_id, 1))
    assert made["status"] == 409  # the cycle is closed, whoever it is
