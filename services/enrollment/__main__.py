"""The roles of this service: `python -m services.enrollment api|worker|migrate|republish|reseal`."""

from services.enrollment.app import MIGRATIONS, build
from services.enrollment.handlers import LISTENER
from services.enrollment.republishing import RESTATED
from services.enrollment.resealing import reseal
from services.enrollment.settings import Settings
from shared.roles import play

if __name__ == "__main__":
    play(Settings, build, LISTENER, MIGRATIONS, RESTATED, {"reseal": reseal})
