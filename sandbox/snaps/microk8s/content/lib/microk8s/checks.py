"""What must hold before a command does anything, and how each command line is read."""

import argparse
import getpass
import os

from microk8s.errors import Refused
from microk8s.paths import CREDENTIALS, STOPPED, WORKER

KUBECONFIG = CREDENTIALS / "client.config"
WORKER_KUBECONFIG = CREDENTIALS / "kubelet.config"


def kubeconfig() -> str:
    """Who the caller is for the API server: the administrator; on a worker, the node itself."""
    return str(WORKER_KUBECONFIG if WORKER.exists() else KUBECONFIG)


def require_permission() -> None:
    """Only root and members of the group microk8s may use the cluster."""
    if os.access(kubeconfig(), os.R_OK):
        return
    user = getpass.getuser()
    raise Refused(
        "Insufficient permissions to access MicroK8s.\n"
        f"You can either try again with sudo or add the user {user} to the 'microk8s' group:\n\n"
        f"    sudo usermod -a -G microk8s {user}\n"
        "    sudo chown -R $USER ~/.kube\n\n"
        "After this, reload the user groups either via a reboot or by running 'newgrp microk8s'."
    )


def require_root() -> None:
    if os.geteuid() != 0:
        raise Refused("Elevated permissions are needed for this command. Please use sudo.")


def require_control_plane() -> None:
    if WORKER.exists():
        raise Refused("This MicroK8s deployment is acting as a node in a cluster.\nPlease use the control plane node.")


def require_running() -> None:
    if STOPPED.exists():
        raise Refused("microk8s is not running, try microk8s start")


def parser(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"microk8s {name}", description=description, allow_abbrev=False)
