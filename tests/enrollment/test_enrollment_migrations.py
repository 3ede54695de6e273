"""The migrations of enrollment lead to the tables that the code declares, and to their guards."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from services.enrollment.consents.models import ConsentText
from services.enrollment.nominations.models import Nomination
from services.enrollment.persons.domain import ERASED
from services.enrollment.persons.models import Person
from services.enrollment.rosters.guards import KEPT
from services.enrollment.rosters.models import Roster, RosterRow
from shared.database import Database
from shared.migrate import _run, check, migrate
from tests.support.databases import NewUrl
from tests.support.enrollment_world import NOW

NOMINATED_BEFORE = """
INSERT INTO nominations
    (id, cycle_id, revision, class_id, number, person_id, enterprise_id, post, target_group, evidence,
    declarations, credits, findings, department_id, industry_code, status, version, nominated_at) VALUES
    ('second', 'p.one', 1, 'class', 2, 'b', 'e', 'x', 'g', '{}', '[]', '{}', '[]', 'd', 'C', 'n', 1, 1),
    ('first', 'p.one', 1, 'class', 1, 'a', 'e', 'x', 'g', '{}', '[]', '{}', '[]', 'd', 'C', 'n', 1, 1)
"""
STORED_BEFORE = (
    """INSERT INTO persons (id, document_kind, number_index, number_sealed, name_sealed, created_at)
    VALUES ('one', 'passport', 'i', 'n', 'm', 1)""",
    """INSERT INTO rosters
        (id, cycle_id, revision, class_id, number, status, rows, approved_rows, rows_sha256, version,
        drafted_at)
    VALUES ('one', 'p.one', 1, 'c', 1, 'returned', 1, 0, '', 1, 1)""",
    """INSERT INTO roster_rows (roster_id, position, nomination_id, decision, reason)
    VALUES ('one', 1, 'n', 'reject', 'x')""",
)
MIGRATIONS = Path(__file__).parents[2] / "services" / "enrollment" / "migrations"


async def test_the_migrated_tables_are_the_declared_ones(new_url: NewUrl):
    url = await new_url("enrollment")
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)


async def test_a_migrated_database_keeps_closed_rosters(new_url: NewUrl):
    url = await new_url("enrollment")
    await migrate(url, MIGRATIONS)
    db = Database(url, name="enrollment")
    returned = {"id": "one", "cycle_id": "p.one", "revision": 1, "class_id": "c", "number": 1}
    numbers = {"rows": 0, "approved_rows": 0, "rows_sha256": "", "version": 1, "drafted_at": NOW}
    try:
        async with db.write() as session:
            await session.execute(insert(Roster).values(**returned, **numbers, status="returned"))
            await session.execute(insert(RosterRow).values(roster_id="one", position=1, nomination_id="n"))
        for change in (
            update(Roster).values(number=2),
            update(Roster).values(status="draft"),
            delete(Roster),
            update(RosterRow).values(replaces_enrolment_id="e"),
            delete(RosterRow),
        ):
            with pytest.raises(DBAPIError, match="never"):
                async with db.write() as session:
                    await session.execute(change)
        async with db.write() as session:
            await session.execute(update(Roster).values(version=2))
    finally:
        await db.close()


async def test_a_migrated_database_keeps_what_was_noted(new_url: NewUrl):
    url = await new_url("enrollment")
    await migrate(url, MIGRATIONS)
    db = Database(url, name="enrollment")
    published = {"published_by": "o", "principal": "p", "published_at": NOW}
    try:
        async with db.write() as session:
            text = {"purpose": "training", "version": 1, "zh": "同意", "en": "consent", **published}
            await session.execute(insert(ConsentText).values(id="one", **text))
        for change in (update(ConsentText).values(zh="另文"), delete(ConsentText)):
            with pytest.raises(DBAPIError, match="never"):
                async with db.write() as session:
                    await session.execute(change)
    finally:
        await db.close()


def test_the_guard_names_every_column_of_a_roster_but_its_version():
    columns = {column.name for column in Roster.__table__.columns}
    assert set(KEPT.split(", ")) == columns - {"version"}


async def test_nominations_of_before_wait_in_the_order_of_their_arrival(new_url: NewUrl):
    url = await new_url("enrollment")
    await _run(url, MIGRATIONS, lambda config: command.upgrade(config, "0005"))
    db = Database(url, name="enrollment")
    try:
        async with db.write() as session:
            await session.execute(text(NOMINATED_BEFORE))
        await migrate(url, MIGRATIONS)
        async with db.read() as session:
            turns = await session.execute(select(Nomination.id, Nomination.turn).order_by(Nomination.turn))
            assert [tuple(row) for row in turns] == [("first", 1), ("second", 2)]
    finally:
        await db.close()


async def test_persons_of_before_are_erased_from_then_on_and_closed_rosters_stay_guarded(new_url: NewUrl):
    url = await new_url("enrollment")
    await _run(url, MIGRATIONS, lambda config: command.upgrade(config, "0010"))
    db = Database(url, name="enrollment")
    gone = dict.fromkeys(("number_index", "number_sealed", "name_sealed"))
    try:
        async with db.write() as session:
            for statement in STORED_BEFORE:
                await session.execute(text(statement))
        await migrate(url, MIGRATIONS)
        for change in (
            update(Person).values(gone),
            update(Person).values(erased_at=NOW),
            update(RosterRow).values(reason="y"),
            update(RosterRow).values(reason=ERASED, decided_by="p"),
        ):
            with pytest.raises(DBAPIError):
                async with db.write() as session:
                    await session.execute(change)
        async with db.write() as session:
            await session.execute(update(Person).values(**gone, erased_at=NOW))
            await session.execute(update(RosterRow).values(reason=ERASED))
    finally:
        await db.close()


async def test_as_long_as_nobody_was_erased_there_is_a_way_back(new_url: NewUrl):
    url = await new_url("enrollment")
    await migrate(url, MIGRATIONS)
    await _run(url, MIGRATIONS, lambda config: command.downgrade(config, "0010"))
    await migrate(url, MIGRATIONS)
    await check(url, MIGRATIONS)
