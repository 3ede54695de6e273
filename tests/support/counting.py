"""Counts what a request costs: statements (a batch is one), and states that are read from copies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from shared.database import Database
from shared.events.envelope import State


@dataclass(slots=True)
class Cost:
    statements: int = 0
    parsed: int = 0


@contextmanager
def counted(db: Database, state: type[State]) -> Iterator[Cost]:
    """Count the statements within the block, and how often a state of this kind is parsed."""
    cost, parse = Cost(), state.model_validate

    def hear(*_told: object) -> None:
        cost.statements += 1

    def counting(*given: Any, **named: Any) -> State:
        cost.parsed += 1
        return parse(*given, **named)

    engines = {db._reader.sync_engine, db._writer.sync_engine}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(state, "model_validate", counting)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", hear)
        try:
            yield cost
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", hear)
