"""Rows of older revisions: who entered a form, since when a designation or an approval stands, is known."""

from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import select, text

from services.registry.classes.documents import facts_of, shown_plan
from services.registry.classes.models import Class, ClassVersion
from shared.database import Database
from shared.migrate import _run, migrate
from tests.support.databases import NewUrl

MIGRATIONS = Path(__file__).parents[2] / "services" / "registry" / "migrations"

BEFORE = """
INSERT INTO cycles (id, label, status, revision, version, loaded_at) VALUES
    ('p.one', 'one', 'active', 1, 1, 1), ('p.two', 'two', 'active', 1, 1, 1);
INSERT INTO organisations (id, kind, name_zh, name_en, parent_id, version, registered_at) VALUES
    ('bureau', 'bureau', '部', 'B', NULL, 1, 1), ('zhejiang', 'department', '浙', 'Z', NULL, 1, 1),
    ('union', 'institution', '联', 'U', NULL, 1, 1), ('member', 'institution', '员', 'M', 'union', 1, 1);
INSERT INTO api_clients (id, organisation_id, name, offices, version, created_at) VALUES
    ('of-bureau', 'bureau', 'b', '[]', 1, 1), ('of-zhejiang', 'zhejiang', 'z', '[]', 1, 1);
INSERT INTO liaison_forms (id, cycle_id, department_id, number, late, version) VALUES
    ('form', 'p.one', 'zhejiang', 2, false, 2);
INSERT INTO liaison_form_versions
    (form_id, number, revision, fields, sealed, late, submitted_at, submitted_by) VALUES
    ('form', 1, 1, '{}', '', false, 1, 'of-zhejiang'), ('form', 2, 1, '{}', '', false, 1, 'of-bureau');
INSERT INTO designations
    (id, cycle_id, revision, institution_id, class_kinds, selection_reference, status, version,
    designated_at, designated_by) VALUES
    ('held', 'p.one', 1, 'member', '[]', '遴选-01', 'designated', 1, 5, 'c'),
    ('barred', 'p.two', 1, 'member', '[]', NULL, 'suspended', 3, 6, 'c');
INSERT INTO suspensions
    (id, institution_id, evaluated_cycle_id, evaluation_id, ground, clause, status, barred_cycle_id,
    decided_at, version) VALUES
    ('s', 'union', 'p.one', 'round', 'below', '[]', 'in_force', 'p.two', 9, 1)
"""


async def test_a_form_and_a_designation_of_before_carry_what_is_known_of_them(new_url: NewUrl):
    url = await new_url("registry")
    await _run(url, MIGRATIONS, lambda config: command.upgrade(config, "0003"))
    database = Database(url, name="registry")
    async with database.write() as session:
        for statement in BEFORE.split(";"):
            await session.execute(text(statement))
    await database.close()
    await migrate(url, MIGRATIONS)

    async def rows(statement: str) -> list[tuple[Any, ...]]:
        async with database.read() as session:
            return [tuple(row) for row in await session.execute(text(statement))]

    database = Database(url, name="registry")
    entered = await rows("SELECT number, on_behalf FROM liaison_form_versions ORDER BY number")
    history = await rows(
        "SELECT designation_id, version, status, reason, reference, at, entered_by FROM designation_history "
        "ORDER BY designation_id, version"
    )
    await database.close()
    assert [(number, bool(behalf)) for number, behalf in entered] == [(1, False), (2, True)]
    assert history == [
        ("barred", 1, "designated", "designated_directly", None, 6, "c"),
        ("barred", 3, "suspended", "suspended_by_evaluation", "round", 9, None),
        ("held", 1, "designated", "designated_directly", "遴选-01", 5, "c"),
    ]


APPROVED_BEFORE = """
INSERT INTO cycles (id, label, status, revision, version, loaded_at) VALUES
    ('p.one', 'one', 'active', 3, 1, 1);
INSERT INTO organisations (id, kind, name_zh, name_en, version, registered_at) VALUES
    ('zhejiang', 'department', '浙', 'Z', 1, 1), ('union', 'institution', '联', 'U', 1, 1),
    ('service', 'service_body', '服', 'S', 1, 1);
INSERT INTO classes (id, cycle_id, revision, kind, arrangement, title_zh, filed_by, lead_id,
    place_department_id, starts_on, ends_on, capacity, status, approved_at, approved_by, approved_heads,
    version, drafted_at, drafted_by) VALUES
    ('held', 'p.one', 3, 'theme', 'own', '班', 'union', 'union', 'zhejiang', '2023-01-10', '2023-06-30', 60,
    'running', 7, 'c', 2, 5, 1, 'c'),
    ('draft', 'p.one', 3, 'theme', 'own', '班', 'union', 'union', 'zhejiang', '2023-01-10', '2023-06-30', 60,
    'draft', NULL, NULL, 0, 1, 1, 'c');
INSERT INTO class_organisers (class_id, organisation_id, role, position, kind) VALUES
    ('held', 'union', 'institution', 0, NULL), ('held', 'service', 'co_organiser', 1, 'service_body');
INSERT INTO training_plans (class_id, courses, base_visits, budget_heads, consenting_ids, planned_minutes,
    min_attendance_percent, min_minutes) VALUES
    ('held', '[{"title": "战略", "minutes": 600, "method": "lecture", "mode": null, "directions": []}]',
    '[]', '[]', '["union"]', 600, 80, 500)
"""


async def test_a_class_that_was_approved_before_has_its_first_version(new_url: NewUrl):
    url = await new_url("registry")
    await _run(url, MIGRATIONS, lambda config: command.upgrade(config, "0006"))
    database = Database(url, name="registry")
    async with database.write() as session:
        for statement in APPROVED_BEFORE.split(";"):
            # A colon in JSON is no parameter.
            await session.execute(text(statement.replace(":", r"\:")))
    await database.close()
    await migrate(url, MIGRATIONS)

    database = Database(url, name="registry")
    async with database.read() as session:
        (version,) = (await session.scalars(select(ClassVersion))).all()
        numbers = dict((await session.execute(select(Class.id, Class.number))).all())
        held = await session.get_one(Class, "held")
        now = facts_of(held), shown_plan(held)
    await database.close()
    assert numbers == {"held": 1, "draft": 0}
    assert (version.class_id, version.number, version.revision, version.approved_by) == ("held", 1, 3, "c")
    assert (version.facts, version.plan) == now
    assert version.facts["co_organisers"] == [{"organisation_id": "service", "kind": "service_body"}]
