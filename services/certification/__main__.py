"""The roles of this service: `python -m services.certification api|worker|migrate|republish`."""

from services.certification.app import MIGRATIONS, build
from services.certification.handlers import LISTENER
from services.certification.republishing import RESTATED
from services.certification.settings import Settings
from shared.roles import play

if __name__ == "__main__":
    play(Settings, build, LISTENER, MIGRATIONS, RESTATED)
