"""The commands that only print: `list`, `info`, `services` and `version`."""

import sys

from snapd import state, store, units
from snapd.errors import SnapError
from snapd.folders import Folders


def table(rows: list[list[str]]) -> None:
    """Prints rows in columns with two spaces between them, like snapd."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def list_snaps(folders: Folders, names: list[str]) -> None:
    """Prints the installed snaps. With names, only these."""
    snaps = state.read(folders)
    if not snaps and not names:
        print("No snaps are installed yet. Try 'snap install hello-world'.", file=sys.stderr)
        return
    chosen = [snap for name, snap in sorted(snaps.items()) if not names or name in names]
    if not chosen:
        raise SnapError("no matching snaps installed")
    rows = [[snap.name, snap.version, snap.revision, snap.channel, snap.publisher, snap.notes] for snap in chosen]
    table([["Name", "Version", "Rev", "Tracking", "Publisher", "Notes"], *rows])


def info(folders: Folders, names: list[str]) -> None:
    """Prints the details of these snaps in the store."""
    for name in names:
        snap = store.find(folders, name)
        installed = state.read(folders).get(name)
        print(f"name:      {snap.name}\nsummary:   {snap.summary}\npublisher: {snap.publisher}")
        if installed is not None:
            print(f"tracking:  {installed.channel}")
        print("channels:")
        for channel in snap.channels:
            print(f"  {channel}: {snap.version} ({snap.revision}) {snap.confinement}")
        if installed is not None:
            print(f"installed: {installed.version} ({installed.revision}) {installed.notes}")


def services(folders: Folders, names: list[str]) -> None:
    """Prints the daemons of installed snaps. A name selects a snap, or one daemon as `snap.app`."""
    rows = [row for name in sorted(state.read(folders)) for row in service_rows(folders, name)]
    wanted = [row for row in rows if not names or row[0] in names or row[0].split(".")[0] in names]
    if names and not wanted:
        raise SnapError(f'snap "{names[0].split(".")[0]}" not found')
    if not wanted:
        print("There are no services provided by installed snaps.", file=sys.stderr)
        return
    table([["Service", "Startup", "Current", "Notes"], *wanted])


def service_rows(folders: Folders, name: str) -> list[list[str]]:
    return [
        [
            f"{name}.{app}",
            "enabled" if units.is_enabled(name, app) else "disabled",
            "active" if units.is_active(name, app) else "inactive",
            "-",
        ]
        for app in state.read(folders)[name].services
    ]


def version() -> None:
    """Prints the versions. They show that this is not the original `snap` command."""
    table([["snap", "bibind-sandbox"], ["snapd", "unavailable"], ["series", "16"]])
