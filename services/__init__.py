"""The services. Each owns its database and imports `shared` only; they talk in events."""
