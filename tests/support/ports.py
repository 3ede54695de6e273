"""Ports for servers that tests start."""

import socket


def free_port() -> int:
    """Name a port of the loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
