"""The folder that holds all state of an embedded home: one process at a time, secrets for its owner alone."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex


class HomeTaken(Exception):
    """Another process runs on this home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        super().__init__(f"{home} is in use by another process")


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the home while the block runs; the kernel lets go of it when the process dies, however it dies."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HomeTaken(home) from None
        yield


def database_url(home: Path, service: str) -> str:
    """Name the SQLite file of a service."""
    return f"sqlite+aiosqlite:///{home.resolve()}/{service}.db"


def write_private(path: Path, document: Mapping[str, object]) -> None:
    """Write JSON that only its owner may read; the file is whole or absent, and safe on the disk."""
    draft = path.with_name(f".{path.name}.{token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(document, file, indent=1, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else a power cut may take the name back though the database has kept the client
    finally:
        os.close(folder)
