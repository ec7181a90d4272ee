"""The list of installed snaps: a JSON file that is replaced atomically."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from snapd.folders import Folders


@dataclass(frozen=True)
class Installed:
    """An installed snap in the list."""

    name: str
    version: str
    revision: str
    channel: str
    publisher: str
    confinement: str
    services: list[str]

    @property
    def notes(self) -> str:
        return "classic" if self.confinement == "classic" else "-"


def read(folders: Folders) -> dict[str, Installed]:
    """Every installed snap by its name."""
    try:
        content = json.loads(folders.state_file.read_text())
    except FileNotFoundError:
        return {}
    return {name: Installed(**snap) for name, snap in content["snaps"].items()}


def write(folders: Folders, snaps: dict[str, Installed]) -> None:
    """Replaces the list of installed snaps."""
    folders.state_file.parent.mkdir(parents=True, exist_ok=True)
    # Every user may list the snaps. The mode must not depend on the umask of the process.
    folders.state_file.parent.chmod(0o755)
    unfinished = folders.state_file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps({"snaps": {name: asdict(snap) for name, snap in snaps.items()}}, indent=2))
    unfinished.chmod(0o644)
    os.replace(unfinished, folders.state_file)


@contextmanager
def exclusive_lock(folders: Folders) -> Iterator[None]:
    """Waits until no other `snap` process changes snaps. The kernel releases the lock of a killed process."""
    folders.lock_file.parent.mkdir(parents=True, exist_ok=True)
    with folders.lock_file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
