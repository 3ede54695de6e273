"""The roles of this service: `python -m services.evaluation api|worker|migrate|republish`."""

from services.evaluation.app import MIGRATIONS, build
from services.evaluation.handlers import LISTENER
from services.evaluation.republishing import RESTATED
from services.evaluation.settings import Settings
from shared.roles import play

if __name__ == "__main__":
    play(Settings, build, LISTENER, MIGRATIONS, RESTATED)
