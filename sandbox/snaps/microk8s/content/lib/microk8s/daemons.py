"""How each daemon of the node starts: what must be there first, then the program in this process's place."""

import os
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

from microk8s import api, arguments, images, policies, routes
from microk8s.paths import CLUSTER_CIDR, COMMON, CONTAINERD_SOCKET, DATA, RUN, SNAP, TOOLS, WORKER

BOOT_MARK = Path("/run/snap.microk8s/booted")
KUBERNETES = SNAP / "kubernetes"


def forget_last_boot() -> None:
    """Sockets and running containers of before a restart of the machine are no more: /run knows of none."""
    if BOOT_MARK.exists():
        return
    shutil.rmtree(RUN, ignore_errors=True)
    BOOT_MARK.parent.mkdir(parents=True, exist_ok=True)
    BOOT_MARK.touch()


def before_containerd() -> None:
    forget_last_boot()
    for folder in (RUN, COMMON / "var/lib/containerd"):
        folder.mkdir(parents=True, exist_ok=True)


def containerd_answers() -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(str(CONTAINERD_SOCKET)) == 0


def before_kubelet() -> None:
    """Forwards packets of pods, hides their addresses from other networks, and waits for containerd."""
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


def before_images() -> None:
    """Imports the images; the daemon ends when it is done."""
    api.wait_until(containerd_answers, seconds=0, pause=0.1)
    images.import_missing()


def api_answers() -> None:
    """Waits for the API server of this node; a worker has none and its programs try again by themselves."""
    if not WORKER.exists():
        api.wait_until(api.is_ready, seconds=0, pause=0.1)


def before_policies() -> None:
    """kube-router ends at once where its node is not known yet. A worker's own attempts are enough."""
    os.environ["PATH"] += f":{TOOLS}/bin"
    os.environ["LD_LIBRARY_PATH"] = f"{TOOLS}/lib"
    if not WORKER.exists():
        api.wait_until(policies.node_is_known, seconds=0, pause=0.5)
        policies.allow_nodes_to_read()


def nothing() -> None:
    """For daemons that need nothing else first."""


PROGRAMS: dict[str, tuple[str | None, Callable[[], None]]] = {
    "containerd": ("/usr/bin/containerd", before_containerd),
    "images": (None, before_images),
    "routes": (None, routes.keep),
    "etcd": ("/usr/bin/etcd", nothing),
    "kube-apiserver": (str(KUBERNETES / "kube-apiserver"), nothing),
    "kube-controller-manager": (str(KUBERNETES / "kube-controller-manager"), api_answers),
    "kube-scheduler": (str(KUBERNETES / "kube-scheduler"), api_answers),
    "kubelet": (str(KUBERNETES / "kubelet"), before_kubelet),
    "kube-router": (str(SNAP / "network/kube-router"), before_policies),
    "kube-proxy": (str(KUBERNETES / "kube-proxy"), api_answers),
}


def become(name: str) -> None:
    """Prepares a daemon, then replaces this process by its program with the flags of `args/NAME`."""
    program, before = PROGRAMS[name]
    os.environ.setdefault("SNAP_DATA", str(DATA))
    os.environ.setdefault("SNAP_COMMON", str(COMMON))
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    before()
    if name == "kube-apiserver":
        # Half the memory for a little more time: the definitions of operators are large.
        os.environ.setdefault("GOGC", "50")
    if program is not None:
        os.execv(program, [program, *arguments.expanded(name)])
