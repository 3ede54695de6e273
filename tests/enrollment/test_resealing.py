"""What older keys have sealed and indexed goes over to the keys in use, and the older ones may go."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, update

from services.enrollment import resealing
from services.enrollment.duplicates.finding import find_when_due
from services.enrollment.imports.models import CONTENT, ImportPart
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.models import Person
from services.enrollment.resealing import reseal, reseal_all, reseal_batch, reseal_uploads
from services.enrollment.settings import Settings
from shared.keys import KeyRing
from shared.sealed import Sealer
from tests.support.merging import put_forward
from tests.support.nominees import Plan, nominee
from tests.support.sheets import as_csv, desk_of, trainee


async def people(plan: Plan, count: int = 5) -> None:
    await plan.nominate(plan.institution, *(nominee(plan.class_id, one) for one in range(1, count + 1)))


def rotated(home: Path) -> Sealer:
    """Rotate both keys of persons, and give a sealer that writes with the new ones and reads with all."""
    KeyRing(home).rotate("person-data")
    KeyRing(home).rotate("person-index")
    later = KeyRing(home, now=lambda: 4_000_000_000.0)
    return Sealer.of_persons(later)


def of_new_keys(home: Path) -> Sealer:
    """Give a sealer that has the newest key of each purpose alone."""
    later = KeyRing(home, now=lambda: 4_000_000_000.0)
    data, index = later.private("person-data"), later.private("person-index")
    return Sealer(type(data)(data.keys[:1]), type(index)(index.keys[:1]))


async def rows(plan: Plan) -> list[Person]:
    async with plan.world.database.read() as session:
        return list(await session.scalars(select(Person).order_by(Person.id)))


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


async def test_after_a_rotation_everything_is_sealed_and_found_by_the_new_keys_alone(plan: Plan, keys: Path):
    other = await plan.another_class()
    await people(plan)
    assert await reseal_all(plan.world.database, rotated(keys)) == 5
    before = [one.id for one in await rows(plan)]
    plan.world.app.state.sealer = of_new_keys(keys)
    shown = (await plan.get(plan.bureau, f"/v1/persons/{before[0]}")).json()
    assert (shown["name"], shown["phone"]) == ("演**", "13*******00")
    assert await put_forward(plan, other, 1, by=plan.rival) in before
    assert [one.id for one in await rows(plan)] == before


async def test_it_may_be_killed_between_and_goes_on_where_it_was(
    plan: Plan, keys: Path, monkeypatch: pytest.MonkeyPatch
):
    await people(plan)
    sealer = rotated(keys)
    monkeypatch.setattr(resealing, "BATCH", 2)
    db = plan.world.database
    assert await reseal_batch(db, sealer) == 2

    async def killed(*_given: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(resealing, "_compare_again", killed)
        with pytest.raises(asyncio.CancelledError):
            await reseal_batch(db, sealer)
    done = [(one.name_sealed or b"").startswith(sealer.seal_prefix) for one in await rows(plan)]
    assert done == [True, True, False, False, False]
    assert await reseal_all(db, sealer) == 3
    assert await reseal_all(db, sealer) == 0
    assert all((one.number_index or b"").startswith(sealer.index_prefix) for one in await rows(plan))


async def test_persons_of_before_likeness_was_indexed_are_compared_from_then_on(plan: Plan, keys: Path):
    await people(plan, 2)
    db = plan.world.database
    unknown: dict[str, None] = {"name_index": None, "name_phone_index": None, "name_birth_index": None}
    async with db.write() as session:
        await session.execute(update(Person).values(**unknown))
    await find_when_due(db)
    assert (await plan.get(plan.bureau, "/v1/duplicates")).json()["items"] == []
    assert await reseal_all(db, plan.world.app.state.sealer) == 2
    async with db.read() as session:
        assert not any(await session.scalars(select(Nomination.compared)))
    await find_when_due(db)
    assert len((await plan.get(plan.bureau, "/v1/duplicates")).json()["items"]) == 1


async def test_two_at_once_do_it_once(plan: Plan, keys: Path, monkeypatch: pytest.MonkeyPatch):
    await people(plan)
    sealer = rotated(keys)
    monkeypatch.setattr(resealing, "BATCH", 2)
    await asyncio.gather(*(reseal_all(plan.world.database, sealer) for _ in range(2)))
    plan.world.app.state.sealer = of_new_keys(keys)
    for one in await rows(plan):
        assert (await plan.get(plan.bureau, f"/v1/persons/{one.id}")).status_code == 200


async def test_the_role_tells_how_many_persons_it_brought_over(plan: Plan, keys: Path):
    await people(plan)
    async with plan.world.database.write() as session:
        await session.execute(update(Person).values(name_index=None))
    settings = Settings.model_validate({"database_url": plan.world.database.url, "home": keys.parent})
    assert await reseal(settings, plan.world.database) == {"persons": 5, "parts": 0}


async def test_a_file_that_was_sealed_before_a_rotation_is_imported_with_the_new_keys_alone(
    plan: Plan, keys: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = desk_of(plan, plan.zhejiang, monkeypatch)
    answer = await desk.post_file(as_csv([trainee(1), trainee(2)]))
    db, sealer = plan.world.database, rotated(keys)
    assert await reseal_uploads(db, sealer) == 1
    assert await reseal_uploads(db, sealer) == 0
    async with db.read() as session:
        (part,) = await session.scalars(select(ImportPart.content))
    assert b"uscc" in of_new_keys(keys).open_bytes(part, CONTENT)
    await desk.work()
    assert (await desk.read(answer.json()["id"]))["counts"] == {"sound": 2}
