"""The roles of this service: `python -m services.certification api|worker|migrate`."""
