"""The files of a snap's revisions. Every step is safe to run again after a kill."""

import os
import shutil
import subprocess
from pathlib import Path

from snapd.errors import SnapError
from snapd.folders import Folders
from snapd.store import StoreSnap


def write_link(path: Path, target: str) -> None:
    """Creates or replaces the symbolic link `path` atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    os.replace(unfinished, path)


def copy_content(folders: Folders, snap: StoreSnap) -> None:
    """Copies the content of a revision from the store. The finished copy appears atomically."""
    path = folders.content(snap.name) / snap.revision
    if path.exists():
        return
    unfinished = path.with_name(f".{snap.revision}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "--recursive", "--preserve=mode,links", str(snap.content), str(unfinished)], check=True)
    os.rename(unfinished, path)


def use_revision(folders: Folders, name: str, revision: str, previous: str | None) -> None:
    """Points the links `current` to a revision. It takes over the data of the previous revision."""
    data = folders.data(name)
    (data / "common").mkdir(parents=True, exist_ok=True)
    if previous is not None and (data / previous).exists() and not (data / revision).exists():
        os.rename(data / previous, data / revision)
    (data / revision).mkdir(exist_ok=True)
    write_link(data / "current", revision)
    write_link(folders.content(name) / "current", revision)


def launcher_name(snap: str, app: str) -> str:
    return snap if app == snap else f"{snap}.{app}"


def write_launchers(folders: Folders, snap: StoreSnap) -> None:
    """Writes the script /snap/bin/NAME for every app that is a command."""
    folders.launchers.mkdir(parents=True, exist_ok=True)
    environment = folders.environment(snap.name, snap.revision)
    exports = "\n".join(f'export {name}="{value}"' for name, value in environment.items())
    for app, settings in snap.apps.items():
        if "daemon" in settings:
            continue
        launcher = folders.launchers / launcher_name(snap.name, app)
        launcher.write_text(f'#!/bin/sh\n{exports}\nexec "$SNAP"/{settings["command"]} "$@"\n')
        launcher.chmod(0o755)


def remove_launchers(folders: Folders, name: str) -> None:
    for launcher in [folders.launchers / name, *folders.launchers.glob(f"{name}.*")]:
        launcher.unlink(missing_ok=True)


def remove_other_revisions(folders: Folders, name: str, revision: str) -> None:
    """Removes the content of every revision except `revision`."""
    for path in folders.content(name).iterdir():
        if path.name not in ("current", revision):
            shutil.rmtree(path)


def remove_all(folders: Folders, name: str) -> None:
    """Removes content and data of a snap. After the last snap, also removes the shared folders."""
    for path in (folders.content(name), folders.data(name)):
        if path.exists():
            shutil.rmtree(path)
    for parent in (folders.launchers, folders.launchers.parent, folders.data(name).parent):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def run_hook(folders: Folders, name: str, revision: str, hook: str) -> None:
    """Runs a hook, if the snap has it."""
    program = folders.content(name) / "current/meta/hooks" / hook
    if not program.exists():
        return
    environment = {**os.environ, **folders.environment(name, revision)}
    result = subprocess.run([str(program)], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        output = (result.stderr or result.stdout).strip().replace("\n", "\n  ")
        raise SnapError(
            "cannot perform the following tasks:\n"
            f'- Run {hook} hook of "{name}" snap (run hook "{hook}":\n  -----\n  {output}\n  -----)'
        )
