"""How the platform is put together and run: the embedded home, the networked one, the command line."""
