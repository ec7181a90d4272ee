"""The systemd services of the node's daemons."""

import subprocess

from microk8s.errors import CommandError
from microk8s.paths import WORKER

CONTROL_PLANE = ["daemon-etcd", "daemon-apiserver", "daemon-controller-manager", "daemon-scheduler"]
NODE = ["daemon-containerd", "daemon-images", "daemon-kubelet", "daemon-proxy", "daemon-routes", "daemon-policies"]


def own() -> list[str]:
    """The daemons of this node. A worker has no control plane."""
    return NODE if WORKER.exists() else [*CONTROL_PLANE, *NODE]


def unit(service: str) -> str:
    return f"snap.microk8s.{service}.service"


def systemctl(action: str, services: list[str]) -> None:
    """Runs systemctl for some daemons."""
    units = [unit(service) for service in services]
    result = subprocess.run(["systemctl", action, *units], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        raise CommandError(f"systemctl {action} {' '.join(units)} failed: {(result.stderr or result.stdout).strip()}")


def restart(service: str) -> None:
    systemctl("restart", [service])
