"""What the training plans of a cycle cover: directions (C41), key fields (C12), modes (C11), methods."""

from typing import Any

import pytest

from services.registry.planning.coverage import report
from shared.events.policy import load_pack
from tests.support.registry_world import CYCLE, PACKS, World, approved, drafted, problem, step

PACK = load_pack((PACKS / "2022-2023.yaml").read_text(encoding="utf-8"))
PATH = f"/v1/coverage?cycle_id={CYCLE}"


def course(minutes: int, mode: str | None, *directions: str, tags: tuple[str, ...] = ()) -> dict[str, Any]:
    said = {"title": "战略", "minutes": minutes, "method": "lecture", "mode": mode}
    return {**said, "directions": list(directions), "tags": list(tags)}


@pytest.mark.clause("C11", "C12", "C41")
def test_a_class_counts_once_for_each_word_and_its_minutes_add_up():
    told = report(
        PACK,
        {
            "a": [
                course(100, "intensive", "manufacturing_power", tags=("key_field",)),
                course(50, "practice", "manufacturing_power"),
            ],
            "b": [course(10, "classroom", "manufacturing_power")],
        },
    )
    assert (told.classes, told.minutes) == (2, 160)
    assert {one.code: (one.classes, one.minutes) for one in told.directions} == {
        "manufacturing_power": (2, 160),
        "network_power": (0, 0),
    }
    assert [(one.code, one.classes) for one in told.tags] == [("key_field", 1), ("weak_link", 0)]
    assert [(one.method, one.classes, one.minutes) for one in told.methods] == [("lecture", 2, 160)]
    assert told.missing == ["network_power", "weak_link", "applied"]


@pytest.mark.clause("C11")
def test_modes_of_a_pair_are_looked_for_in_each_class():
    told = report(
        PACK,
        {
            "whole": [course(1, "intensive"), course(1, "practice")],
            "half": [course(1, "intensive"), course(1, None)],
        },
    )
    pairs = {one.pair: (one.complete, one.incomplete_ids) for one in told.pairs}
    assert pairs == {
        "study_and_practice": (1, ["half"]),
        "classroom_and_application": (0, ["whole", "half"]),
    }


@pytest.mark.clause("C11", "C41")
async def test_everybody_reads_what_classes_that_are_filed_will_teach(designated: World):
    await drafted(designated)
    filed = await drafted(designated)
    await step(designated, filed, "filing", "甲大学")
    held = await approved(designated)
    told = (await designated.act("GET", PATH, by="宁波市主管部门")).json()
    assert (told["classes"], told["minutes"]) == (2, 2400)
    assert told["missing"][0] == "network_power"
    assert told["pairs"][0]["incomplete_ids"] == sorted([filed, held])


@pytest.mark.clause("C41")
async def test_coverage_of_one_lead_and_of_a_cycle_that_is_not_there(designated: World):
    await approved(designated)
    others = await designated.act("GET", f"{PATH}&lead_id={designated.ids['乙大学']}")
    assert (others.json()["classes"], others.json()["pairs"][0]["complete"]) == (0, 0)
    assert problem(await designated.act("GET", "/v1/coverage?cycle_id=nowhere.2022"), 404) == "cycle-unknown"
