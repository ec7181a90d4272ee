"""The checks before a command runs, and the parser of its command line."""

import argparse
import getpass
import os

from microk8s.errors import CommandError
from microk8s.paths import CREDENTIALS, STOPPED, WORKER

KUBECONFIG = CREDENTIALS / "client.config"
WORKER_KUBECONFIG = CREDENTIALS / "kubelet.config"


def kubeconfig() -> str:
    """The kubeconfig for the API server: the administrator's, on a worker that of the node."""
    return str(WORKER_KUBECONFIG if WORKER.exists() else KUBECONFIG)


def require_permission() -> None:
    """Raises CommandError unless the user is root or a member of the group microk8s."""
    if os.access(kubeconfig(), os.R_OK):
        return
    user = getpass.getuser()
    raise CommandError(
        "Insufficient permissions to access MicroK8s.\n"
        f"You can either try again with sudo or add the user {user} to the 'microk8s' group:\n\n"
        f"    sudo usermod -a -G microk8s {user}\n"
        "    sudo chown -R $USER ~/.kube\n\n"
        "After this, reload the user groups either via a reboot or by running 'newgrp microk8s'."
    )


def require_root() -> None:
    if os.geteuid() != 0:
        raise CommandError("Elevated permissions are needed for this command. Please use sudo.")


def require_control_plane() -> None:
    if WORKER.exists():
        message = "This MicroK8s deployment is acting as a node in a cluster.\nPlease use the control plane node."
        raise CommandError(message)


def require_running() -> None:
    if STOPPED.exists():
        raise CommandError("microk8s is not running, try microk8s start")


def create_parser(name: str, description: str) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog=f"microk8s {name}", description=description, allow_abbrev=False)
