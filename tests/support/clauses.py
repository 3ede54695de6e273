"""A plugin of pytest: which clause is shown by which tests, and which operations these really called.

`-p tests.support.clauses --clauses-page=FILE` keeps to tests that carry `clause`, hears every operation
that a service of this process answers while the body of a test runs (what fixtures prepare is left
out), and writes the page when the run has come to its end; a test that failed shows nothing. What a worker
of xdist heard travels in its reports.
"""

from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from shared.edge import Operation
from tests.support.requirements import ALL, CLAUSES, DECISIONS

Shown = Mapping[str, Mapping[str, set[str]]]
"""By clause and test, the operations that were called."""

_FAILED = 500
_INTRODUCTION = """\
# Clauses

Written by `make clauses` from a run of the tests; do not edit. Each clause of the notices (C01-C47) and each
decision where they are silent (Q1-Q17), what it asks in our words, the tests that show it, and the operations
that services answered while the body of each test ran. What a fixture prepared is left out, and so is what a
test asked of a process of its own. A dash: the test looks at the rule or the pack itself.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--clauses-page", metavar="FILE", help="run the tests of clauses and write this page")


def pytest_configure(config: pytest.Config) -> None:
    if page := config.getoption("--clauses-page"):
        config.pluginmanager.register(Recorder(Path(page)), "clause-recorder")


class Recorder:
    """Hears what tests call; in the process that collects the reports it writes the page."""

    def __init__(self, page: Path) -> None:
        self._page = page
        self._called: set[str] | None = None
        self._shown: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._unheard: Any = Operation.handle

    def pytest_sessionstart(self) -> None:
        handle, recorder = self._unheard, self

        async def heard(operation: Operation, scope: Scope, receive: Receive, send: Send) -> None:
            async def hear(message: Message) -> None:
                if message["type"] == "http.response.start" and message["status"] < _FAILED:
                    recorder.note(f"{scope['method']} {operation.path}")
                await send(message)

            await handle(operation, scope, receive, hear)

        setattr(Operation, "handle", heard)  # noqa: B010 - a method for type checkers

    def note(self, operation: str) -> None:
        """Note an operation for the test that runs; a server answers in tasks that no context reaches."""
        if self._called is not None:
            self._called.add(operation)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        others = [item for item in items if item.get_closest_marker("clause") is None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.get_closest_marker("clause") is not None]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, None, None]:
        self._called = set()
        try:
            yield
        finally:
            marks = {str(code) for mark in item.iter_markers("clause") for code in mark.args}
            item.user_properties += [("clauses", sorted(marks)), ("operations", sorted(self._called))]
            self._called = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" or not report.passed:
            return
        told: dict[str, Any] = dict(report.user_properties)
        test = report.nodeid.partition("[")[0]
        for code in told["clauses"]:
            self._shown[code][test].update(told["operations"])

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        setattr(Operation, "handle", self._unheard)  # noqa: B010
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        if ended and not hasattr(session.config, "workerinput"):
            self._page.write_text(written(self._shown), encoding="utf-8")


def written(shown: Shown) -> str:
    """Write the page: every clause and decision, whether or not a test shows it."""
    parts = [_INTRODUCTION, _overview(shown)]
    parts += ["## Clauses of the notices\n", *(_section(code, shown.get(code, {})) for code in CLAUSES)]
    parts += ["## Decisions\n", *(_section(code, shown.get(code, {})) for code in DECISIONS)]
    return "\n".join(parts)


def _overview(shown: Shown) -> str:
    untested = [code for code in ALL if not shown.get(code)]
    uncalled = [code for code in ALL if shown.get(code) and not any(shown[code].values())]
    return (
        f"Without a test: {', '.join(untested) or 'none'}.\n"
        f"Shown by rules and packs only, without an operation: {', '.join(uncalled) or 'none'}.\n"
    )


def _section(code: str, tests: Mapping[str, set[str]]) -> str:
    lines = [f"### {code}", "", ALL[code], ""]
    if not tests:
        return "\n".join([*lines, "No test shows it yet.", ""])
    rows = [
        f"| `{test.removeprefix('tests/')}` | {', '.join(f'`{one}`' for one in sorted(called)) or '–'} |"
        for test, called in sorted(tests.items())
    ]
    return "\n".join([*lines, "| test | operations |", "|---|---|", *rows, ""])
