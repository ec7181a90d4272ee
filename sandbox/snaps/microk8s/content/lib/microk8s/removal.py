"""Removes what `snap remove` does not remove itself."""

import shutil
import subprocess
from pathlib import Path

from microk8s import containers, network

# Folders of containerd and the kubelet outside the snap's own folders.
OTHER_FOLDERS = [
    "/run/containerd",
    "/run/snap.microk8s",
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/log/containers",
    "/var/log/pods",
]


def clean_machine() -> None:
    """Stops every pod and removes mounts, networks, cgroups, packet filters, logs and the group."""
    containers.stop_all()
    network.clean()
    for folder in OTHER_FOLDERS:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (Path("/etc/cni/net.d"), Path("/etc/cni")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    subprocess.run(["groupdel", "microk8s"], capture_output=True)
