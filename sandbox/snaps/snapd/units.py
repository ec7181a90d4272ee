"""The systemd units of a snap's daemons."""

import subprocess

from snapd.errors import SnapError
from snapd.folders import Folders
from snapd.store import StoreSnap


def unit_name(snap: str, app: str) -> str:
    return f"snap.{snap}.{app}.service"


def daemons(snap: StoreSnap) -> list[str]:
    """The daemons of a snap, in their start order."""
    return [app for app, settings in snap.apps.items() if "daemon" in settings]


def unit_text(folders: Folders, snap: StoreSnap, app: str) -> str:
    """The text of a daemon's unit, with the same settings as from snapd."""
    entry = snap.apps[app]
    predecessors = " ".join(["network.target", *(unit_name(snap.name, other) for other in entry.get("after", []))])
    environment = folders.environment(snap.name, snap.revision)
    lines = [
        "[Unit]",
        f"Description=Service for snap application {snap.name}.{app}",
        f"After={predecessors}",
        "StartLimitIntervalSec=0",
        *([f"ConditionPathExists=!{environment['SNAP_DATA']}/{entry['unless']}"] if "unless" in entry else []),
        "",
        "[Service]",
        f"Type={entry['daemon']}",
        *(f"Environment={name}={value}" for name, value in environment.items()),
        f"WorkingDirectory={environment['SNAP_COMMON']}",
        f"ExecStart={environment['SNAP']}/{entry['command']}",
        *([f"ExecStopPost={environment['SNAP']}/{entry['post-stop-command']}"] if "post-stop-command" in entry else []),
        f"Restart={entry.get('restart', 'always')}",
        "RestartSec=1",
        f"KillMode={entry.get('kill-mode', 'control-group')}",
        f"TimeoutStopSec={entry.get('stop-timeout', 30)}",
        *(["Delegate=yes"] if entry.get("delegate") else []),
        "TasksMax=infinity",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return "\n".join(lines) + "\n"


def write_units(folders: Folders, snap: StoreSnap) -> None:
    """Writes the unit of every daemon, and removes the units of daemons that the snap no longer has."""
    folders.units.mkdir(parents=True, exist_ok=True)
    wanted = {unit_name(snap.name, app): unit_text(folders, snap, app) for app in daemons(snap)}
    for old in folders.units.glob(f"snap.{snap.name}.*.service"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folders.units / name).write_text(text)
    systemctl("daemon-reload")


def remove_units(folders: Folders, name: str) -> None:
    """Disables and removes every unit of a snap."""
    known = sorted(folders.units.glob(f"snap.{name}.*.service"))
    if known:
        systemctl("disable", *(unit.name for unit in known), may_fail=True)
    for unit in known:
        unit.unlink()
    systemctl("daemon-reload")


def start(name: str, apps: list[str]) -> None:
    """Enables the daemons and starts them in order."""
    if apps:
        systemctl("enable", *(unit_name(name, app) for app in apps))
        systemctl("start", *(unit_name(name, app) for app in apps))


def stop(folders: Folders, name: str, apps: list[str]) -> None:
    """Stops the daemons in reverse order. Skips a daemon without a unit."""
    known = [unit_name(name, app) for app in reversed(apps) if (folders.units / unit_name(name, app)).exists()]
    if known:
        systemctl("stop", *known, may_fail=True)


def is_active(name: str, app: str) -> bool:
    return systemctl("is-active", unit_name(name, app), may_fail=True).strip() == "active"


def is_enabled(name: str, app: str) -> bool:
    return systemctl("is-enabled", unit_name(name, app), may_fail=True).strip() == "enabled"


def systemctl(*arguments: str, may_fail: bool = False) -> str:
    """Runs systemctl and returns its output."""
    try:
        result = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as missing:
        raise SnapError("cannot communicate with systemd: systemctl is not installed") from missing
    if result.returncode != 0 and not may_fail:
        raise SnapError(f"systemctl command {list(arguments)} failed: {(result.stderr or result.stdout).strip()}")
    return result.stdout
