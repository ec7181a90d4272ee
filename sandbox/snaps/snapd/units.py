"""The systemd units of a snap's daemons."""

import subprocess

from snapd.errors import SnapError
from snapd.folders import Folders
from snapd.store import StoreSnap


def unit_name(snap: str, app: str) -> str:
    return f"snap.{snap}.{app}.service"


def daemons(snap: StoreSnap) -> list[str]:
    """The apps of a snap that are daemons, in the order in which they start."""
    return [app for app, told in snap.apps.items() if "daemon" in told]


def unit_text(folders: Folders, snap: StoreSnap, app: str) -> str:
    """The unit of one daemon, with the settings that snapd gives."""
    told = snap.apps[app]
    after = " ".join(["network.target", *(unit_name(snap.name, other) for other in told.get("after", []))])
    environment = folders.environment(snap.name, snap.revision)
    lines = [
        "[Unit]",
        f"Description=Service for snap application {snap.name}.{app}",
        f"After={after}",
        "StartLimitIntervalSec=0",
        *([f"ConditionPathExists=!{environment['SNAP_DATA']}/{told['unless']}"] if "unless" in told else []),
        "",
        "[Service]",
        f"Type={told['daemon']}",
        *(f"Environment={name}={value}" for name, value in environment.items()),
        f"WorkingDirectory={environment['SNAP_COMMON']}",
        f"ExecStart={environment['SNAP']}/{told['command']}",
        *([f"ExecStopPost={environment['SNAP']}/{told['post-stop-command']}"] if "post-stop-command" in told else []),
        f"Restart={told.get('restart', 'always')}",
        "RestartSec=1",
        f"KillMode={told.get('kill-mode', 'control-group')}",
        f"TimeoutStopSec={told.get('stop-timeout', 30)}",
        *(["Delegate=yes"] if told.get("delegate") else []),
        "TasksMax=infinity",
        "",
        "[Install]",
        "WantedBy=multi-user.target",
    ]
    return "\n".join(lines) + "\n"


def write_units(folders: Folders, snap: StoreSnap) -> None:
    """Writes the unit of every daemon, removes those of daemons that the snap no longer has."""
    folders.units.mkdir(parents=True, exist_ok=True)
    wanted = {unit_name(snap.name, app): unit_text(folders, snap, app) for app in daemons(snap)}
    for old in folders.units.glob(f"snap.{snap.name}.*.service"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        (folders.units / name).write_text(text)
    systemctl("daemon-reload")


def remove_units(folders: Folders, name: str) -> None:
    """Forgets every unit of a snap."""
    known = sorted(folders.units.glob(f"snap.{name}.*.service"))
    if known:
        systemctl("disable", *(unit.name for unit in known), may_fail=True)
    for unit in known:
        unit.unlink()
    systemctl("daemon-reload")


def start(name: str, apps: list[str]) -> None:
    """Enables daemons and starts them in order."""
    if apps:
        systemctl("enable", *(unit_name(name, app) for app in apps))
        systemctl("start", *(unit_name(name, app) for app in apps))


def stop(folders: Folders, name: str, apps: list[str]) -> None:
    """Stops daemons in the reverse order; one without a unit has nothing to stop."""
    known = [unit_name(name, app) for app in reversed(apps) if (folders.units / unit_name(name, app)).exists()]
    if known:
        systemctl("stop", *known, may_fail=True)


def is_active(name: str, app: str) -> bool:
    return systemctl("is-active", unit_name(name, app), may_fail=True).strip() == "active"


def is_enabled(name: str, app: str) -> bool:
    return systemctl("is-enabled", unit_name(name, app), may_fail=True).strip() == "enabled"


def systemctl(*arguments: str, may_fail: bool = False) -> str:
    """Runs systemctl and returns what it prints."""
    try:
        ended = subprocess.run(["systemctl", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    except FileNotFoundError as missing:
        raise SnapError("cannot communicate with systemd: systemctl is not installed") from missing
    if ended.returncode != 0 and not may_fail:
        raise SnapError(f"systemctl command {list(arguments)} failed: {(ended.stderr or ended.stdout).strip()}")
    return ended.stdout
