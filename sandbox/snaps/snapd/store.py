"""The local store: which snaps there are, and on which channels."""

import json
from dataclasses import dataclass
from pathlib import Path

from snapd.errors import SnapError
from snapd.folders import Folders

RISKS = ("stable", "candidate", "beta", "edge")


@dataclass(frozen=True)
class StoreSnap:
    """One snap of the store: what its `snap.json` says, and where its content is."""

    name: str
    version: str
    revision: str
    summary: str
    publisher: str
    confinement: str
    channels: tuple[str, ...]
    apps: dict[str, dict]
    content: Path

    def channel(self, asked: str | None) -> str:
        """The channel that `asked` names; without one, the first that the snap has."""
        if asked is None:
            return self.channels[0]
        full = full_channel_name(asked)
        if full in self.channels:
            return full
        offered = "\n".join(f"       {channel}" for channel in self.channels)
        raise SnapError(
            f'snap "{self.name}" is not available on {full} but is available to install on the following\n'
            f"       channels:\n\n{offered}"
        )


def full_channel_name(asked: str) -> str:
    """`1.34` is 1.34/stable and `edge` is latest/edge, as in snapd."""
    parts = asked.split("/")
    if len(parts) > 3 or not all(parts):
        raise SnapError(f'cannot parse channel "{asked}"')
    if len(parts) == 1:
        return f"latest/{asked}" if asked in RISKS else f"{asked}/stable"
    return asked


def load(folder: Path) -> StoreSnap:
    """Reads the `snap.json` of one folder of the store."""
    told = json.loads((folder / "snap.json").read_text())
    return StoreSnap(
        name=told["name"],
        version=told["version"],
        revision=told["revision"],
        summary=told["summary"],
        publisher=told["publisher"],
        confinement=told["confinement"],
        channels=tuple(told["channels"]),
        apps=told["apps"],
        content=folder / "content",
    )


def find(folders: Folders, name: str) -> StoreSnap:
    """The snap of that name, or snapd's words for one that is not there."""
    folder = folders.store / name
    if "/" in name or name in ("", ".", "..") or not (folder / "snap.json").is_file():
        raise SnapError(f'snap "{name}" not found')
    return load(folder)
