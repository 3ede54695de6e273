"""Financial discipline: incidents that were decided on, and whom they concern (C33)."""
