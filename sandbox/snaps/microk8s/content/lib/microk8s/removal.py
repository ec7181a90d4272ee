"""What `snap remove` must take away besides the snap's own folders."""

import shlex
import shutil
import subprocess
from pathlib import Path

from microk8s import containers

# Written by containerd and the kubelet outside the snap's folders.
LEFT_BEHIND = ["/var/log/containers", "/var/log/pods", "/var/lib/cni", "/run/snap.microk8s", "/run/containerd"]
TABLES = [("ip", "microk8s"), ("ip", "kube-proxy"), ("ip6", "kube-proxy")]


def clean_machine() -> None:
    """Ends every pod and removes mounts, networks, cgroups, packet filters, logs and the group."""
    containers.end_all()
    for family, table in TABLES:
        subprocess.run(["nft", "delete", "table", family, table], capture_output=True)
    remove_port_mappings()
    for folder in LEFT_BEHIND:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in (Path("/etc/cni/net.d"), Path("/etc/cni")):
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    subprocess.run(["groupdel", "microk8s"], capture_output=True)


def remove_port_mappings() -> None:
    """Removes the chains that the port-mapping plugin made; they begin with CNI-."""
    for program in ("iptables", "ip6tables"):
        told = subprocess.run([f"{program}-save", "-t", "nat"], capture_output=True, text=True).stdout.splitlines()
        ours = [line for line in told if " CNI-" in f" {line}" and line.startswith("-A")]
        chains = [line.split()[0].removeprefix(":") for line in told if line.startswith(":CNI-")]
        for rule in ours:
            if not rule.startswith("-A CNI-"):
                subprocess.run([program, "-t", "nat", "-D", *shlex.split(rule)[1:]], capture_output=True)
        for chain in chains:
            subprocess.run([program, "-t", "nat", "-F", chain], capture_output=True)
        for chain in chains:
            subprocess.run([program, "-t", "nat", "-X", chain], capture_output=True)
