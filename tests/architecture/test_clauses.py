"""`docs/clauses.md` is what `make clauses` wrote: every clause, and exactly the tests that carry its mark."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.requirements import ALL, CLAUSES, DECISIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "clauses.md"


def marks_in(nodes: list[ast.expr]) -> set[str]:
    """Find the ids of `pytest.mark.clause(…)` among expressions; computed ones cannot be read here."""
    return {
        argument.value
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clause"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def marked() -> Iterator[tuple[str, str]]:
    """List the clauses and the tests that carry them, as the files say."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = marks_in(
            [
                node.value
                for node in tree.body
                if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark"
            ]
        )
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                name = f"{path.relative_to(ROOT / 'tests').as_posix()}::{node.name}"
                yield from ((code, name) for code in whole | marks_in(node.decorator_list))


def told(page: str) -> Iterator[tuple[str, str]]:
    """List the clauses and the tests that the page names for them."""
    for section in re.split(r"^### ", page, flags=re.MULTILINE)[1:]:
        code = section.partition("\n")[0]
        yield from ((code, test) for test in re.findall(r"^\| `(\S+::\w+)` \|", section, re.MULTILINE))


def test_all_clauses_and_decisions_are_known():
    assert list(CLAUSES) == [f"C{number:02}" for number in range(1, 48)]
    assert list(DECISIONS) == [f"Q{number}" for number in range(1, 18)]


def test_the_page_lists_every_clause_with_what_it_asks():
    headed = re.findall(r"^### (\w+)\n\n(.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headed == list(ALL.items())


def test_a_mark_names_a_clause_that_exists():
    assert not [(code, test) for code, test in marked() if code not in ALL]


def test_the_page_names_the_tests_that_carry_the_mark():
    page, files = set(told(PAGE.read_text(encoding="utf-8"))), set(marked())
    assert files <= page, "run `make clauses`"
    # Marks that are computed are on the page alone.
    assert {test for _, test in page} <= {test for _, test in files} | computed(), "run `make clauses`"


def computed() -> set[str]:
    return {"policy/test_notices_apart.py::test_each_row_of_the_table_is_a_sentence"}


def test_a_run_tells_what_its_tests_really_called(tmp_path: Path):
    page = tmp_path / "clauses.md"
    asked = ["tests/registry/test_designations.py", "-k", "sqlite and evidence", f"--clauses-page={page}"]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "tests.support.clauses", *asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    test = "registry/test_designations.py::test_a_designation_carries_its_evidence_and_is_public"
    assert rows == [f"| `{test}` | `GET /v1/designations`, `GET /v1/designations/{{designation_id}}` |"]
