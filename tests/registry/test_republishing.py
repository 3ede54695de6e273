"""What the registry states again is what it stated last: same versions, same readers, same content."""

from services.registry.republishing import RESTATED
from tests.registry.test_bases import designated_base
from tests.registry.test_class_revisions import proposed
from tests.registry.test_deadlines import extend
from tests.registry.test_discipline import recorded
from tests.registry.test_liaison_forms import submit
from tests.registry.test_news import published
from tests.registry.test_pack_revisions import corrected, revise
from tests.registry.test_planning import put, seats
from tests.registry.test_selection import applied
from tests.registry.test_suspensions import suspended
from tests.support.evaluations import load_next
from tests.support.fund_world import expense, funding, posted
from tests.support.registry_world import NOW, World, approved, draft
from tests.support.restated import told_again, told_last


async def test_what_is_told_again_is_what_was_told_last(designated: World):
    await submit(designated, "浙江省主管部门", NOW)
    await submit(designated, "浙江省主管部门", NOW)
    await proposed(designated, await approved(designated), capacity=70)
    class_id = await approved(designated)
    await posted(designated, class_id, funding(), expense())
    await recorded(designated, class_id=class_id)
    await designated_base(designated)
    await designated.bulk("/v1/classes", draft(designated), by="甲大学")
    await suspended(designated, "乙大学")
    await load_next(designated)  # a draft, of which no revision is told
    for floor in (2100, 2200):
        assert (await revise(designated, corrected(floor=floor))).status_code == 201
    await extend(designated, "2022-12-01", "浙江省主管部门")
    await extend(designated, "2022-11-15")
    await published(designated)
    await applied(designated, "乙大学")
    await put(designated, ("theme", 3))
    await designated.bulk("/v1/seat-allotments", seats(designated, 3), by="人才交流中心")
    last_told = await told_last(designated.database)
    assert {subject.partition("/")[0] for subject in last_told} == set(RESTATED)
    assert await told_again(designated.database, RESTATED) == last_told


async def test_a_draft_is_told_to_those_who_find_it_and_a_filed_class_to_everybody(designated: World):
    result = (await designated.bulk("/v1/classes", draft(designated), by="甲大学"))[0]
    (told,) = await designated.stated("registry.class")
    lead, cycle = designated.ids["甲大学"], result["value"]["cycle_id"]
    assert set(told["audience"].split()) == {f"org:{lead}", f"act:{cycle}/approve_classes", "kind:operator"}
    await approved(designated)
    assert [one["audience"] for one in await designated.stated("registry.class")][-1] == "public"
