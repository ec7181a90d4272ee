"""Atomic writes of files."""

import os
from pathlib import Path


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """Replaces a file atomically. A reader never sees an incomplete file or more permissions than `mode`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    os.chmod(unfinished, mode)
    os.replace(unfinished, path)


def write_once(path: Path, text: str, mode: int = 0o644) -> None:
    """Writes a file if it does not exist. An existing file stays: the operator may have changed it."""
    if not path.exists():
        write(path, text, mode)
