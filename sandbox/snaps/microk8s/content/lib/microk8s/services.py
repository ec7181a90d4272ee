"""The node's daemons as systemd knows them."""

import subprocess

from microk8s.errors import Refused
from microk8s.paths import WORKER

CONTROL_PLANE = ["daemon-etcd", "daemon-apiserver", "daemon-controller-manager", "daemon-scheduler"]
NODE = ["daemon-containerd", "daemon-images", "daemon-kubelet", "daemon-proxy", "daemon-routes", "daemon-policies"]


def own() -> list[str]:
    """The daemons of this node, by its part in the cluster."""
    return NODE if WORKER.exists() else [*CONTROL_PLANE, *NODE]


def unit(service: str) -> str:
    return f"snap.microk8s.{service}.service"


def systemctl(action: str, services: list[str]) -> None:
    """Does one thing to some daemons."""
    units = [unit(service) for service in services]
    ended = subprocess.run(["systemctl", action, *units], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if ended.returncode != 0:
        raise Refused(f"systemctl {action} {' '.join(units)} failed: {(ended.stderr or ended.stdout).strip()}")


def restart(service: str) -> None:
    systemctl("restart", [service])
