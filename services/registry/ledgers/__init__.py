"""The ledger of the money of each class: entries that nobody changes, and who may read them (C33)."""
