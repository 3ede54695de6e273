"""What bulk operations beside the sessions cost: as many statements for forty trainees as for two."""

from collections.abc import Awaitable

import pytest

from shared.events.registry import ClassState
from tests.support.activities import Ledger
from tests.support.counting import counted
from tests.support.enrollment_world import World
from tests.support.school import School, hours
from tests.support.statements import statement


async def _costs(world: World, asked: Awaitable[object]) -> int:
    with counted(world.database, ClassState) as cost:
        await asked
    return cost.statements


async def test_registering_and_recording_who_came_cost_the_same_for_two_and_for_forty(world: World):
    ledger = await Ledger(world).settle()
    found = []
    for number in (2, 40):
        activity_id = await ledger.opened(capacity=30)
        trainees = await ledger.trainees(*[ledger.zhejiang] * number)
        registering = await _costs(world, ledger.register(activity_id, *trainees))
        await ledger.post(ledger.lead, f"/v1/activities/{activity_id}/holding")
        rows = [one for one in await ledger.participants(activity_id) if one["status"] == "registered"]
        said = [(str(one["id"]), True) for one in rows]
        found.append((registering, await _costs(world, ledger.came(activity_id, *said))))
    assert found[0] == found[1]


@pytest.mark.clause("C23")
async def test_imports_cost_the_same_for_two_and_for_forty(world: World):
    school = School(world)
    await school.settle()
    found = []
    for number in (2, 40):
        trainees = await world.enrol(school.class_id, [school.zhejiang] * number)
        records = [hours(one, one) for one in trainees]
        statements = [statement(one) for one in trainees]
        found.append(
            (
                await _costs(world, school.report(*records)),
                await _costs(world, school.state(*statements)),
            )
        )
    assert found[0] == found[1]
