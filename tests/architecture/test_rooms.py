"""The rooms of the house: who may import what, which words stand where."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("shared", "services", "gateway", "deploy")
FORBIDDEN_FOLDERS = {"utils", "common", "helpers", "core", "base", "impl"}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
A_CYCLE = re.compile(r"20\d\d-20\d\d(?!-)|\bN20\d\d\b")
YEARS = range(2015, 2035)
DOMAIN_WORDS = re.compile(
    r"\b(roster|rosters|nomination|nominations|enrolment|enterprise|certificate|designation|"
    r"liaison|institution|trainee|attendance|uscc)\b",
    re.IGNORECASE,
)
ADAPTERS = {"aio_pika": "shared/rabbit.py", "aiosqlite": "shared/sqlite.py", "asyncpg": "shared/postgres.py"}


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def constants_of(path: Path) -> Iterator[ast.Constant]:
    """Walk the values that code computes with: all constants but docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in told)


@pytest.mark.parametrize("path", [p for p in python_files("services") if p.name == "domain.py"], ids=name_of)
def test_a_domain_knows_the_standard_library_and_the_policy_pack_only(path: Path):
    own = path.parent.relative_to(ROOT).as_posix().replace("/", ".")
    strangers = {
        module
        for module in imports_of(path)
        if module.partition(".")[0] not in sys.stdlib_module_names
        and not module.startswith("shared.events.policy")
        and not (module.startswith("services.") and module.endswith("domain") and own.split(".")[1] in module)
    }
    assert not strangers


def test_only_one_file_each_imports_the_broker_and_the_database_driver():
    for package, home in ADAPTERS.items():
        users = {
            name_of(path)
            for path in python_files(*CODE)
            if any(module.partition(".")[0] == package for module in imports_of(path))
        }
        assert users == {home}, package


def test_services_make_no_http_requests():
    clients = {"httpx", "aiohttp", "requests", "urllib.request", "http.client"}
    users = {name_of(path) for path in python_files("services", "shared") if imports_of(path) & clients}
    assert not users


def test_domain_words_stand_under_events_only_in_shared():
    spoken = {
        f"{name_of(path)}: {match.group()}"
        for path in python_files("shared")
        if not name_of(path).startswith("shared/events/")
        for match in DOMAIN_WORDS.finditer(path.read_text(encoding="utf-8"))
    }
    assert not spoken


def test_no_folder_has_a_name_that_says_nothing():
    named = {
        name_of(path)
        for folder in CODE
        for path in (ROOT / folder).rglob("*")
        if path.stem in FORBIDDEN_FOLDERS and "assets" not in path.parts
    }
    assert not named


def test_no_code_knows_a_cycle_or_a_year():
    dated = {
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("services", "shared", "gateway")
        for node in constants_of(path)
        if (isinstance(node.value, int) and node.value in YEARS)
        or (isinstance(node.value, str) and A_CYCLE.search(node.value))
    }
    assert not dated


def test_nothing_is_left_for_later():
    left = {
        f"{name_of(path)}:{number}"
        for path in python_files(*CODE, "tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    }
    assert not left


@pytest.mark.parametrize("folder", CODE)
def test_files_are_no_longer_than_a_reader_can_hold(folder: str):
    long = {
        name_of(path): length
        for path in python_files(folder)
        if "migrations" not in path.parts
        and (length := len(path.read_text(encoding="utf-8").splitlines())) > 350
    }
    assert not long


def test_every_module_opens_with_what_is_in_it():
    silent = [
        name_of(path)
        for path in python_files(*CODE)
        if "migrations" not in path.parts
        and path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent
