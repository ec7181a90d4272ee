"""The local store: its snaps and their channels."""

import json
from dataclasses import dataclass
from pathlib import Path

from snapd.errors import SnapError
from snapd.folders import Folders

RISKS = ("stable", "candidate", "beta", "edge")


@dataclass(frozen=True)
class StoreSnap:
    """A snap of the store: its `snap.json` and the folder with its content."""

    name: str
    version: str
    revision: str
    summary: str
    publisher: str
    confinement: str
    channels: tuple[str, ...]
    apps: dict[str, dict]
    content: Path

    def channel(self, requested: str | None) -> str:
        """The full name of the requested channel. The default is the first channel of the snap."""
        if requested is None:
            return self.channels[0]
        full = full_channel_name(requested)
        if full in self.channels:
            return full
        offered = "\n".join(f"       {channel}" for channel in self.channels)
        raise SnapError(
            f'snap "{self.name}" is not available on {full} but is available to install on the following\n'
            f"       channels:\n\n{offered}"
        )


def full_channel_name(channel: str) -> str:
    """Completes a channel like snapd: `1.34` is 1.34/stable and `edge` is latest/edge."""
    parts = channel.split("/")
    if len(parts) > 3 or not all(parts):
        raise SnapError(f'cannot parse channel "{channel}"')
    if len(parts) == 1:
        return f"latest/{channel}" if channel in RISKS else f"{channel}/stable"
    return channel


def load(folder: Path) -> StoreSnap:
    """Reads the `snap.json` in a folder of the store."""
    manifest = json.loads((folder / "snap.json").read_text())
    return StoreSnap(
        name=manifest["name"],
        version=manifest["version"],
        revision=manifest["revision"],
        summary=manifest["summary"],
        publisher=manifest["publisher"],
        confinement=manifest["confinement"],
        channels=tuple(manifest["channels"]),
        apps=manifest["apps"],
        content=folder / "content",
    )


def find(folders: Folders, name: str) -> StoreSnap:
    """The snap with this name. Raises SnapError with snapd's message when the store does not have it."""
    folder = folders.store / name
    if "/" in name or name in ("", ".", "..") or not (folder / "snap.json").is_file():
        raise SnapError(f'snap "{name}" not found')
    return load(folder)
