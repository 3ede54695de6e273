"""What stands outside Python: the composition, the lock, the drawing in words."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = sorted(path.parent.name for path in (ROOT / "services").glob("*/__main__.py"))


def test_every_service_has_an_api_a_worker_and_a_migration_in_the_composition():
    composed = COMPOSE["services"]
    for service in SERVICES:
        roles = {"api": service, "worker": f"{service}-worker", "migrate": f"{service}-migrate"}
        for role, name in roles.items():
            assert composed[name]["command"] == ["python", "-m", f"services.{service}", role]


def test_nothing_starts_before_what_it_needs():
    for name, service in COMPOSE["services"].items():
        if name.endswith(("-worker", "-migrate")) or name in SERVICES:
            assert service["depends_on"], name


def test_every_running_service_says_whether_it_is_healthy():
    for name in [*SERVICES, "gateway", "postgres", "rabbitmq"]:
        assert "healthcheck" in COMPOSE["services"][name], name


def test_the_composition_holds_no_secret():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if "PASSWORD" in line:
            assert "${" in line, line


def test_the_lock_pins_with_hashes_and_names_no_host():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[a-z0-9][\w.\[\],-]*==.*$", lock, re.MULTILINE)
    assert len(pinned) > 30
    assert all(line.rstrip().endswith("\\") for line in pinned)


def test_every_service_says_what_it_owns_hears_states_and_refuses():
    for service in SERVICES:
        readme = (ROOT / "services" / service / "README.md").read_text(encoding="utf-8").lower()
        for heading in ("owns", "listens to", "states", "refuses"):
            assert re.search(rf"^#+ .*{heading}", readme, re.MULTILINE), f"{service}: {heading}"
