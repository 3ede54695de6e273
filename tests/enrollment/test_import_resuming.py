"""An import that was interrupted anywhere goes on as if it had not been: same rows, same report."""

import random
from contextlib import suppress
from typing import Any

import pytest

from services.enrollment.imports import running
from services.enrollment.imports.storing import Storer
from tests.support.nominees import Plan
from tests.support.sheets import Desk, Row, as_csv, desk_of, trainee

LINES = 150
KILLS = 30


class _Killed(BaseException):
    """What no handler of ours catches: the process is gone."""


@pytest.fixture
def desk(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_of(plan, plan.zhejiang, monkeypatch)


def rows() -> list[Row]:
    """Make rows of every kind: sound, in error, of enterprises on record and new, one stated twice."""
    made = [trainee(number) for number in range(1, LINES + 1)]
    for place, row in enumerate(made):
        if place % 7 == 0:
            row["phone"] = "电话"
        if place % 5 == 0:
            row |= {**trainee(place + 1, enterprise=30 + place // 20), "employees": 100 + place}
        if place % 11 == 0:
            row["post"] = " 总经理 "
    blank: Row = {}
    return [one for place, row in enumerate(made) for one in ([row, blank] if place % 4 == 1 else [row])]


async def report(desk: Desk, import_id: str) -> list[tuple[int, list[Any]]]:
    return [(row["line"], row["findings"]) for row in await desk.rows(import_id)]


async def people(desk: Desk) -> int:
    page = await desk.plan.get(desk.plan.bureau, "/v1/nominations", class_id=desk.plan.class_id, limit="1000")
    return len({one["person"]["id"] for one in page.json()["items"]})


def kill_after(monkeypatch: pytest.MonkeyPatch, count: int, *, committed: bool) -> None:
    """Let the process be gone when so many chunks were stored, before or after the last one's commit."""
    store = Storer.store
    left = count

    async def dying(self: Storer, *given: Any, **also: Any) -> Any:
        nonlocal left
        if left == 0:
            raise _Killed
        left -= 1
        results = await store(self, *given, **also)
        if left == 0 and not committed:
            raise _Killed
        return results

    monkeypatch.setattr(Storer, "store", dying)


@pytest.mark.parametrize("mode", ["by_row", "atomic"])
async def test_an_import_that_dies_thirty_times_ends_as_one_that_never_did(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mode: str
):
    monkeypatch.setenv("ENROLLMENT_IMPORT_CHUNK", "3")
    content = as_csv([row for row in rows() if mode == "by_row" or row.get("phone") != "电话"])
    undisturbed = await desk.upload(content)
    answer = await desk.post_file(content, mode=mode, dry_run="false")
    chance = random.Random(7)
    died = 0
    for _ in range(10 * KILLS):  # the database may take a moment to see that the dead one's lock is free
        if died == KILLS:
            break
        with monkeypatch.context() as within:
            kill_after(within, chance.randint(0, 1), committed=chance.random() < 0.5)
            with suppress(_Killed):
                await running.run_imports(desk.plan.world.database)
                continue
        died += 1
    assert died == KILLS
    while not await running.run_imports(desk.plan.world.database):
        assert (await desk.read(answer.json()["id"]))["status"] == "committing"
    told = await desk.read(answer.json()["id"])
    assert told["status"] == "committed"
    assert told["causes"] == undisturbed["causes"]
    assert await report(desk, told["id"]) == await report(desk, undisturbed["id"])
    assert told["counts"]["nominated"] == undisturbed["counts"]["sound"] == await people(desk)
    assert told["counts"].get("refused") == undisturbed["counts"].get("refused")


async def test_what_is_told_of_a_row_does_not_depend_on_who_is_dealt_with_beside_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    content = as_csv([trainee(1, employees=999, phone="电话"), trainee(2)])
    together = await desk.upload(content)
    monkeypatch.setenv("ENROLLMENT_IMPORT_CHUNK", "1")
    alone = await desk.upload(content)
    assert await report(desk, alone["id"]) == await report(desk, together["id"])


async def test_a_worker_that_takes_other_chunks_than_the_one_that_died_goes_on_at_the_same_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    content = as_csv(rows())
    undisturbed = await desk.upload(content)
    answer = await desk.post_file(content, dry_run="false")
    monkeypatch.setenv("ENROLLMENT_IMPORT_CHUNK", "7")
    with monkeypatch.context() as within, suppress(_Killed):
        kill_after(within, 3, committed=True)
        await running.run_imports(desk.plan.world.database)
    monkeypatch.setenv("ENROLLMENT_IMPORT_CHUNK", "50")
    while not await running.run_imports(desk.plan.world.database):
        assert (await desk.read(answer.json()["id"]))["status"] == "committing"
    told = await desk.read(answer.json()["id"])
    assert told["status"] == "committed"
    assert await report(desk, told["id"]) == await report(desk, undisturbed["id"])
    assert told["counts"]["nominated"] == undisturbed["counts"]["sound"] == await people(desk)
