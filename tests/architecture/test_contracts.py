"""Events between services: the routing table, the listeners and the READMEs say the same."""

import importlib
from pathlib import Path

import pytest

from shared.events import certification, enrollment, evaluation, means, registry
from shared.events.envelope import Fact, State
from shared.events.listeners import LISTENERS, STATES, types_heard_by

ROOT = Path(__file__).parents[2]
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__main__.py"))


def contracts() -> list[type[Fact] | type[State]]:
    return [
        value
        for module in (means, registry, enrollment, evaluation, certification)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Fact | State) and value.__module__ == module.__name__
    ]


def type_of(contract: type[Fact] | type[State]) -> str:
    return contract.TYPE if issubclass(contract, Fact) else contract.state_type()


@pytest.mark.parametrize("service", SERVICES)
def test_the_routing_table_says_what_the_service_hears(service: str):
    listener = importlib.import_module(f"services.{service}.handlers").LISTENER
    heard = {f"{resource}.state.v1" for resource in listener.states} | set(listener.handlers_by_type)
    assert listener.service == service
    assert heard == types_heard_by(service)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_can_state_again_all_that_it_states(service: str):
    owned = {one.RESOURCE for one in STATES if one.RESOURCE.startswith(f"{service}.")}
    if not (ROOT / "services" / service / "republishing.py").exists():
        assert not stated_by(service) & owned, "its resources can be stated, and not again"
        return
    assert set(importlib.import_module(f"services.{service}.republishing").RESTATED) == owned


def stated_by(service: str) -> set[str]:
    """List the resources that the code of a service makes states of."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "services" / service).rglob("*.py"))
    return {
        one.RESOURCE
        for one in STATES
        if f"{one.__name__}.model_validate(" in code or f"{one.__name__}(" in code
    }


def test_nobody_waits_for_an_event_that_no_contract_describes():
    assert set(LISTENERS) <= {type_of(contract) for contract in contracts()}


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.__name__)
def test_the_readme_of_the_owner_names_the_event(contract: type[Fact] | type[State]):
    owner = type_of(contract).partition(".")[0]
    readme = (ROOT / "services" / owner / "README.md").read_text(encoding="utf-8")
    assert contract.__name__.removesuffix("State") in readme or type_of(contract) in readme
