"""Who has a role in which class is kept in a table: no list of certificates reads all classes (Q11)."""

import pytest
from sqlalchemy import insert, select

from services.certification.app import MIGRATIONS
from services.certification.models import ClassParty
from shared.copies import copies
from shared.database import Database
from shared.events.registry import ClassState
from shared.ids import new_id
from shared.migrate import migrate
from tests.certification.stage import Stage, names
from tests.support.counting import Cost, counted
from tests.support.databases import NewUrl


async def parties(db: Database, class_id: str) -> set[str]:
    async with db.read() as session:
        kept = select(ClassParty.organisation_id).where(ClassParty.class_id == class_id)
        return set(await session.scalars(kept))


async def shown(stage: Stage, organisation_id: str) -> int:
    async with stage.asks("institution", organisation_id) as caller:
        answer = await caller.get("/v1/certificates")
    return len(answer.json()["items"])


@pytest.mark.clause("Q11")
async def test_who_is_no_longer_a_party_of_the_class_no_longer_sees_its_certificates(stage: Stage):
    class_id = await stage.graduated_class(names(2))
    await stage.issue(class_id)
    assert await parties(stage.database, class_id) == {stage.institution}
    other = new_id()
    await stage.hear(stage.class_state(class_id, version=2, lead_id=other, institution_ids=[other]))
    assert await parties(stage.database, class_id) == {other}
    assert [await shown(stage, one) for one in (stage.institution, other)] == [0, 2]


async def test_what_a_list_costs_does_not_depend_on_the_number_of_classes(stage: Stage):
    await stage.issue(await stage.graduated_class(names(2)))

    async def costs() -> list[Cost]:
        found = []
        for kind, organisation_id in (("institution", stage.institution), ("department", stage.department)):
            for path in ("/v1/certificates", "/v1/certificate-batches"):
                with counted(stage.database, ClassState) as cost:
                    async with stage.asks(kind, organisation_id) as caller:
                        assert (await caller.get(path)).status_code == 200
                found.append(cost)
        return found

    before = await costs()
    await stage.hear(*(stage.class_state(new_id()) for _ in range(40)))
    assert await costs() == before
    assert all(cost.statements and not cost.parsed for cost in before)


async def test_the_revision_writes_the_parties_of_the_classes_that_are_known(stage: Stage, new_url: NewUrl):
    filed_by = new_id()
    known = stage.class_state(new_id(), version=3, filed_by=filed_by)
    url = await new_url("before")
    await migrate(url, MIGRATIONS, "0002")
    db = Database(url, name="certification")
    try:
        async with db.write() as session:
            row = {"aggregate": known.subject, "resource": ClassState.RESOURCE}
            await session.execute(insert(copies).values(**row, version=3, data=dict(known.data)))
        await migrate(url, MIGRATIONS)
        assert await parties(db, known.data["id"]) == {stage.institution, filed_by}
    finally:
        await db.close()
