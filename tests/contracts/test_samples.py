"""A sample of every event: what was once sent must be readable for ever."""

import json
from pathlib import Path
from typing import Any

import pytest

from shared.events import certification, enrollment, evaluation, means, registry
from shared.events.envelope import Event, Fact, State

SAMPLES = Path(__file__).with_name("samples")

Contract = type[Fact] | type[State]


def _type_of(contract: Contract) -> str:
    return contract.TYPE if issubclass(contract, Fact) else contract.state_type()


CONTRACTS: dict[str, Contract] = {
    _type_of(value): value
    for module in (means, registry, enrollment, evaluation, certification)
    for value in vars(module).values()
    if isinstance(value, type) and issubclass(value, Fact | State) and value.__module__ == module.__name__
}


@pytest.fixture(params=sorted(path.name for path in SAMPLES.glob("*.json")))
def wire(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads((SAMPLES / str(request.param)).read_text(encoding="utf-8"))


def test_every_contract_has_its_sample_and_every_sample_its_contract():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(CONTRACTS)


def test_a_sample_is_read_and_written_as_it_was_sent(wire: dict[str, Any]):
    assert Event.from_wire(wire).to_wire() == wire


def test_the_body_of_a_sample_fits_its_contract(wire: dict[str, Any]):
    event = Event.from_wire(wire)
    body = CONTRACTS[event.type].model_validate(event.data)
    sent = body.model_dump(mode="json", include=set(event.data))
    assert sent == event.data
    if isinstance(body, State):
        assert event.subject == f"{body.RESOURCE}/{body.id}"
        assert event.version >= 1


def test_a_consumer_ignores_what_it_does_not_know(wire: dict[str, Any]):
    newer = {**wire, "invented": 1, "data": {**wire["data"], "invented": {"deep": [1]}}}
    event = Event.from_wire(newer)
    known = CONTRACTS[event.type].model_validate(event.data)
    assert known == CONTRACTS[event.type].model_validate(wire["data"])
