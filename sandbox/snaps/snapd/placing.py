"""Puts a snap's files in place and takes them away; every step may be done again after a kill."""

import os
import shutil
import subprocess
from pathlib import Path

from snapd.errors import SnapError
from snapd.folders import Folders
from snapd.store import StoreSnap


def link(target: str, place: Path) -> None:
    """Makes `place` a link to `target` by one rename."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f".{place.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.symlink_to(target)
    os.replace(unfinished, place)


def place_content(folders: Folders, snap: StoreSnap) -> None:
    """Copies the content of a revision next to the others; a finished copy appears by one rename."""
    place = folders.content(snap.name) / snap.revision
    if place.exists():
        return
    unfinished = place.with_name(f".{snap.revision}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "--recursive", "--preserve=mode,links", str(snap.content), str(unfinished)], check=True)
    os.rename(unfinished, place)


def use_revision(folders: Folders, name: str, revision: str, previous: str | None) -> None:
    """Points `current` of content and data to a revision; the data of the previous one goes along."""
    data = folders.data(name)
    (data / "common").mkdir(parents=True, exist_ok=True)
    if previous is not None and (data / previous).exists() and not (data / revision).exists():
        os.rename(data / previous, data / revision)
    (data / revision).mkdir(exist_ok=True)
    link(revision, data / "current")
    link(revision, folders.content(name) / "current")


def launcher_name(snap: str, app: str) -> str:
    return snap if app == snap else f"{snap}.{app}"


def place_launchers(folders: Folders, snap: StoreSnap) -> None:
    """Writes /snap/bin/NAME for every app that is a command."""
    folders.launchers.mkdir(parents=True, exist_ok=True)
    environment = folders.environment(snap.name, snap.revision)
    exports = "\n".join(f'export {name}="{value}"' for name, value in environment.items())
    for app, told in snap.apps.items():
        if "daemon" in told:
            continue
        launcher = folders.launchers / launcher_name(snap.name, app)
        launcher.write_text(f'#!/bin/sh\n{exports}\nexec "$SNAP"/{told["command"]} "$@"\n')
        launcher.chmod(0o755)


def remove_launchers(folders: Folders, name: str) -> None:
    for launcher in [folders.launchers / name, *folders.launchers.glob(f"{name}.*")]:
        launcher.unlink(missing_ok=True)


def remove_other_revisions(folders: Folders, name: str, revision: str) -> None:
    """Removes the content of every revision but one."""
    for place in folders.content(name).iterdir():
        if place.name not in ("current", revision):
            shutil.rmtree(place)


def remove_all(folders: Folders, name: str) -> None:
    """Removes content and data, and the folder of all snaps when it was the last."""
    for place in (folders.content(name), folders.data(name)):
        if place.exists():
            shutil.rmtree(place)
    for parent in (folders.launchers, folders.launchers.parent, folders.data(name).parent):
        if parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()


def run_hook(folders: Folders, name: str, revision: str, hook: str) -> None:
    """Runs a hook of the snap, when it has that one."""
    program = folders.content(name) / "current/meta/hooks" / hook
    if not program.exists():
        return
    environment = {**os.environ, **folders.environment(name, revision)}
    ended = subprocess.run([str(program)], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ended.returncode != 0:
        told = (ended.stderr or ended.stdout).strip().replace("\n", "\n  ")
        raise SnapError(
            "cannot perform the following tasks:\n"
            f'- Run {hook} hook of "{name}" snap (run hook "{hook}":\n  -----\n  {told}\n  -----)'
        )
