"""The start of each daemon of the node: some preparation, then its program in the same process."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from microk8s import api, arguments, images, policies, routes
from microk8s.paths import CLUSTER_CIDR, COMMON, CONTAINERD_SOCKET, DATA, RUN, SNAP, TOOLS, WORKER

BOOT_MARKER = Path("/run/snap.microk8s/booted")
KUBERNETES = SNAP / "kubernetes"


def remove_state_of_last_boot() -> None:
    """Removes sockets and records of containers that a restart of the machine has ended."""
    if BOOT_MARKER.exists():
        return
    shutil.rmtree(RUN, ignore_errors=True)
    BOOT_MARKER.parent.mkdir(parents=True, exist_ok=True)
    BOOT_MARKER.touch()


def prepare_containerd() -> None:
    remove_state_of_last_boot()
    for folder in (RUN, COMMON / "var/lib/containerd"):
        folder.mkdir(parents=True, exist_ok=True)


def containerd_answers() -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(str(CONTAINERD_SOCKET)) == 0


def prepare_kubelet() -> None:
    """Turns on forwarding and source NAT for the packets of pods, and waits for containerd."""
    forwarding = Path("/proc/sys/net/ipv4/ip_forward")
    if forwarding.read_text().strip() != "1":
        forwarding.write_text("1")
    masquerade = f"""
table ip microk8s
delete table ip microk8s
table ip microk8s {{
  chain postrouting {{
    type nat hook postrouting priority srcnat;
    ip saddr {CLUSTER_CIDR} ip daddr != {CLUSTER_CIDR} masquerade
  }}
}}
"""
    subprocess.run(["nft", "--file", "-"], input=masquerade, text=True, check=True)
    api.wait_until(containerd_answers, seconds=0, pause=0.1)


def import_images() -> None:
    """Waits for containerd and imports the images. The daemon then ends."""
    api.wait_until(containerd_answers, seconds=0, pause=0.1)
    images.import_missing()


def wait_for_api_server() -> None:
    """Waits for the API server of this node. A worker has none, and its programs retry by themselves."""
    if not WORKER.exists():
        api.wait_until(api.is_ready, seconds=0, pause=0.1)


def prepare_policies() -> None:
    """Waits until the API server knows this node: kube-router ends otherwise. On a worker, systemd restarts it."""
    os.environ["PATH"] += f":{TOOLS}/bin"
    os.environ["LD_LIBRARY_PATH"] = f"{TOOLS}/lib"
    if not WORKER.exists():
        api.wait_until(policies.node_is_known, seconds=0, pause=0.5)
        policies.allow_nodes_to_read()


def no_preparation() -> None:
    """For daemons that can start at once."""


PROGRAMS: dict[str, tuple[str | None, Callable[[], None]]] = {
    "containerd": ("/usr/bin/containerd", prepare_containerd),
    "images": (None, import_images),
    "routes": (None, routes.reconcile_forever),
    "etcd": ("/usr/bin/etcd", no_preparation),
    "kube-apiserver": (str(KUBERNETES / "kube-apiserver"), no_preparation),
    "kube-controller-manager": (str(KUBERNETES / "kube-controller-manager"), wait_for_api_server),
    "kube-scheduler": (str(KUBERNETES / "kube-scheduler"), wait_for_api_server),
    "kubelet": (str(KUBERNETES / "kubelet"), prepare_kubelet),
    "kube-router": (str(SNAP / "network/kube-router"), prepare_policies),
    "kube-proxy": (str(KUBERNETES / "kube-proxy"), wait_for_api_server),
}


def run(name: str) -> None:
    """Prepares a daemon, then replaces this process with its program and the flags in `args/NAME`."""
    program, prepare = PROGRAMS[name]
    os.environ.setdefault("SNAP_DATA", str(DATA))
    os.environ.setdefault("SNAP_COMMON", str(COMMON))
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    prepare()
    if name == "kube-apiserver":
        # The custom resource definitions are large. This setting halves the memory and costs little time.
        os.environ.setdefault("GOGC", "50")
    if program is not None:
        os.execv(program, [program, *arguments.expanded(name)])
