"""The addon `rbac`. Like in MicroK8s, it switches the API server from unlimited access to roles."""

from pathlib import Path

from microk8s import api, arguments, services
from microk8s.errors import CommandError

PROGRAM = "kube-apiserver"
FLAG = "authorization-mode"
ROLES = "RBAC,Node"
ALLOW_ALL = "AlwaysAllow"
SECONDS_TO_RESTART = 60


def is_enabled() -> bool:
    return "RBAC" in (arguments.value(PROGRAM, FLAG) or "")


def enable() -> None:
    set_mode(ROLES)


def disable() -> None:
    set_mode(ALLOW_ALL)


def set_mode(mode: str) -> None:
    """Restarts the API server with another mode. After a kill, the flag can be set without the restart."""
    if not arguments.set_value(PROGRAM, FLAG, mode) and is_running_with(mode):
        return
    services.restart("daemon-apiserver")
    if not api.wait_until(lambda: api.is_ready() and is_running_with(mode), SECONDS_TO_RESTART):
        raise CommandError(f"the API server does not answer with --{FLAG}={mode}")


def is_running_with(mode: str) -> bool:
    """Whether the running API server was started with this mode."""
    wanted = f"--{FLAG}={mode}".encode()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(PROGRAM.encode()) and wanted in command:
            return True
    return False
