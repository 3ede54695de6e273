"""The list of classes: each as it is shown by itself, at a price that does not grow with their number."""

import pytest

from services.registry.classes.schemas import ClassView
from shared.events.registry import ClassState
from tests.support.counting import counted
from tests.support.registry_world import World, approved, draft, drafted

LISTED = sorted(ClassView.model_fields)


@pytest.mark.clause("C16")
async def test_a_listed_class_is_shown_as_it_is_by_itself(designated: World):
    await drafted(designated)
    await approved(designated)
    partner = {"organisation_id": designated.ids["丁服务机构"], "kind": "service_body"}
    topic = draft(
        designated,
        kind="special_topic",
        special_topic="digital_empowerment",
        institution_ids=[],
        co_organisers=[partner],
    )
    (unplanned,) = await designated.bulk("/v1/classes", topic, by="人才交流中心")
    assert unplanned["value"]["co_organisers"] == [partner]
    listed = (await designated.act("GET", "/v1/classes")).json()["items"]
    assert len(listed) == 3
    for one in listed:
        assert sorted(one) == LISTED
        shown = (await designated.act("GET", f"/v1/classes/{one['id']}")).json()
        assert one == {name: value for name, value in shown.items() if name in one}
    assert [one["plan_agreed"] for one in listed] == [False, True, False]


@pytest.mark.parametrize("by", ["部中小企业局", "浙江省主管部门", "甲大学"])
async def test_the_statements_of_the_list_do_not_grow_with_its_rows(designated: World, by: str):
    async def cost() -> int:
        with counted(designated.database, ClassState) as cost:
            answer = await designated.act("GET", "/v1/classes", by=by)
        assert answer.status_code == 200
        return cost.statements

    await approved(designated)
    await cost()  # packs are parsed once
    few = await cost()
    for _ in range(4):
        await approved(designated)
    assert await cost() == few
