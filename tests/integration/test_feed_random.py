"""Whatever is stated for whomever in whatever order, each reader ends with exactly what it may see."""

from random import Random

import pytest

from tests.integration.stage import Reader, Stage, Store, office

READERS = (
    ("department", "zhejiang"),
    ("department", "ningbo"),
    ("institution", "first"),
    ("operator", "host"),
)
TERMS = ("public", "org:zhejiang", "org:ningbo", "org:first", "kind:operator", "kind:department")


def visible(audiences: dict[str, tuple[int, frozenset[str]]], kind: str, organisation_id: str) -> Store:
    mine = {"public", f"org:{organisation_id}", f"kind:{kind}"}
    return {
        ("registry.office", one): version
        for one, (version, audience) in audiences.items()
        if audience & mine or kind == "bureau"
    }


@pytest.mark.parametrize("seed", range(3))
async def test_every_reader_ends_with_what_it_may_see_from_every_cursor_it_was_given(stage: Stage, seed: int):
    chance = Random(seed)
    bodies = [office(f"one {place}") for place in range(8)]
    readers: dict[tuple[str, str], Reader] = {who: stage.reader(*who) for who in (*READERS, ("bureau", "b"))}
    audiences: dict[str, tuple[int, frozenset[str]]] = {}
    for _ in range(20):
        arriving = []
        for body in chance.sample(bodies, chance.randint(1, 5)):
            terms = frozenset(chance.sample(TERMS, chance.randint(0, 3)))
            arriving.append(stage.stated(body, *terms))
            audiences[body.id] = stage.versions[body.id], terms
        await stage.hear(*arriving)
        for reader in chance.sample(list(readers.values()), 2):
            await reader.page(chance.randint(1, 4))
    for (kind, organisation_id), reader in readers.items():
        end = dict(await reader.read(chance.randint(1, 9)))
        assert end == visible(audiences, kind, organisation_id)
        for place in range(len(reader.remembered)):
            assert await reader.again_from(place).read() == end
