"""The folders of the `snap` command."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The folders of the command, below one root folder. The root is `/`, except in tests."""

    root: Path

    @staticmethod
    def of_this_machine() -> "Folders":
        """The folders below `$BIBIND_SNAP_ROOT`. Tests set this variable; its default is `/`."""
        return Folders(Path(os.environ.get("BIBIND_SNAP_ROOT", "/")))

    @property
    def store(self) -> Path:
        """The local store: one folder for each snap. The machine mounts it read-only."""
        return self.root / "var/lib/bibind-snaps"

    @property
    def state_file(self) -> Path:
        return self.root / "var/lib/snapd/state.json"

    @property
    def lock_file(self) -> Path:
        return self.root / "var/lib/snapd/lock"

    @property
    def launchers(self) -> Path:
        return self.root / "snap/bin"

    @property
    def units(self) -> Path:
        return self.root / "etc/systemd/system"

    def content(self, name: str) -> Path:
        """The folder with the content of a snap: one folder for each revision, and the link `current`."""
        return self.root / "snap" / name

    def data(self, name: str) -> Path:
        """The folder with the data of a snap: `common`, one folder for each revision, and the link `current`."""
        return self.root / "var/snap" / name

    def environment(self, name: str, revision: str) -> dict[str, str]:
        """The environment variables that snapd sets for the programs of a snap."""
        return {
            "SNAP": str(self.content(name) / "current"),
            "SNAP_COMMON": str(self.data(name) / "common"),
            "SNAP_DATA": str(self.data(name) / "current"),
            "SNAP_INSTANCE_NAME": name,
            "SNAP_NAME": name,
            "SNAP_REVISION": revision,
        }
