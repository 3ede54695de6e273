"""The roles of this service: `python -m services.integration api|worker|migrate`."""

from services.integration.app import MIGRATIONS, build
from services.integration.handlers import LISTENER
from services.integration.settings import Settings
from shared.roles import play

if __name__ == "__main__":
    play(Settings, build, LISTENER, MIGRATIONS)
