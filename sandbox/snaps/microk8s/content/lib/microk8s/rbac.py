"""The addon `rbac`: the API server authorises by roles instead of allowing everything, as in MicroK8s."""

from pathlib import Path

from microk8s import api, arguments, services
from microk8s.errors import Refused

PROGRAM = "kube-apiserver"
FLAG = "authorization-mode"
ROLES = "RBAC,Node"
EVERYTHING = "AlwaysAllow"
SECONDS_TO_RESTART = 60


def is_enabled() -> bool:
    return "RBAC" in (arguments.value(PROGRAM, FLAG) or "")


def enable() -> None:
    switch(ROLES)


def disable() -> None:
    switch(EVERYTHING)


def switch(mode: str) -> None:
    """Restarts the API server with another mode. A kill in between leaves the flag set: then it restarts again."""
    if not arguments.set_value(PROGRAM, FLAG, mode) and running_with(mode):
        return
    services.restart("daemon-apiserver")
    if not api.wait_until(lambda: api.is_ready() and running_with(mode), SECONDS_TO_RESTART):
        raise Refused(f"the API server does not answer with --{FLAG}={mode}")


def running_with(mode: str) -> bool:
    """Whether the API server that runs now was started with this mode."""
    wanted = f"--{FLAG}={mode}".encode()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = file.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[0].endswith(PROGRAM.encode()) and wanted in words:
            return True
    return False
