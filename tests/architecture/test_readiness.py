"""A service is ready only once its database has the newest of its own revisions."""

from pathlib import Path

import pytest

from deploy.home import database_url
from deploy.standalone import SERVICES
from shared.web import newest_revision
from tests.support.client import STAMPS


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_asks_for_its_newest_revision(name: str, tmp_path: Path):
    service = SERVICES[name]
    settings = service.settings(mode="rehearsal", home=tmp_path, database_url=database_url(tmp_path, name))
    app = service.build(settings=settings, stamps=STAMPS)
    assert getattr(app, "state").newest_revision == newest_revision(service.migrations)  # noqa: B009 - an App to deploy, FastAPI in truth
