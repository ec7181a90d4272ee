"""Where the snap command keeps its things."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Folders:
    """The folders of the command below one root, which is another folder than `/` in tests only."""

    root: Path

    @staticmethod
    def of_this_machine() -> "Folders":
        """The folders below `$BIBIND_SNAP_ROOT`, which is `/` unless a test says otherwise."""
        return Folders(Path(os.environ.get("BIBIND_SNAP_ROOT", "/")))

    @property
    def store(self) -> Path:
        """What can be installed: one folder per snap, mounted read-only by the machine."""
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
        """Holds one folder per revision and the link `current`."""
        return self.root / "snap" / name

    def data(self, name: str) -> Path:
        """Holds `common`, one folder per revision and the link `current`."""
        return self.root / "var/snap" / name

    def environment(self, name: str, revision: str) -> dict[str, str]:
        """What snapd tells the programs of a snap about where they are."""
        return {
            "SNAP": str(self.content(name) / "current"),
            "SNAP_COMMON": str(self.data(name) / "common"),
            "SNAP_DATA": str(self.data(name) / "current"),
            "SNAP_INSTANCE_NAME": name,
            "SNAP_NAME": name,
            "SNAP_REVISION": revision,
        }
