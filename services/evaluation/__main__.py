"""The roles of this service: `python -m services.evaluation api|worker|migrate`."""

from services.evaluation.app import MIGRATIONS, build
from services.evaluation.handlers import LISTENER
from services.evaluation.settings import Settings
from shared.roles import play

if __name__ == "__main__":
    play(Settings, build, LISTENER, MIGRATIONS)
