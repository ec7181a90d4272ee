"""Configuration files of containerd, the pod network and the kubelet."""

import json
from pathlib import Path

from microk8s import addresses, files
from microk8s.paths import (
    ARGUMENTS,
    CERTIFICATES,
    CLUSTER_DOMAIN,
    CONTAINERD_ROOT,
    CONTAINERD_SOCKET,
    DNS_ADDRESS,
    RUN,
)

PAUSE = "registry.k8s.io/pause:3.10"
NETWORK = ARGUMENTS / "cni-network"


def write_all(certificate: Path, key: Path) -> None:
    """Writes each file that is not there yet; the kubelet serves with this certificate."""
    NETWORK.mkdir(parents=True, exist_ok=True)
    files.write_once(ARGUMENTS / "containerd.toml", containerd())
    files.write_once(ARGUMENTS / "cni.template", network())
    files.write_once(ARGUMENTS / "resolv.conf", resolver())
    files.write_once(ARGUMENTS / "kubelet.yaml", kubelet(certificate, key))


def containerd() -> str:
    """containerd's own socket, folders and network; `restrict_oom_score_adj` for want of CAP_SYS_RESOURCE."""
    return f"""version = 2
root = "{CONTAINERD_ROOT}"
state = "{RUN}/containerd"
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.tracing",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[debug]
  level = "warn"

[grpc]
  address = "{CONTAINERD_SOCKET}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{PAUSE}"
  restrict_oom_score_adj = true

  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"

  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"

  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{NETWORK}"
    conf_template = "{ARGUMENTS}/cni.template"
"""


def network() -> str:
    """Each pod has a link of its own to the node, so that every packet between pods is routed and can be filtered.

    containerd fills in the pods' addresses of this node as soon as the control plane has given it some.
    Addresses in use are kept in /run, which a restart of the machine empties like the network itself.
    """
    plugins = [
        {
            "type": "ptp",
            "mtu": 1500,
            "ipam": {
                "type": "host-local",
                "dataDir": "/run/snap.microk8s/cni",
                "ranges": [[{"subnet": "PODS"}]],
                "routes": [{"dst": "0.0.0.0/0"}],
            },
        },
        {"type": "portmap", "capabilities": {"portMappings": True}, "snat": True},
    ]
    told = json.dumps({"cniVersion": "0.3.1", "name": "microk8s", "plugins": plugins}, indent=2)
    return told.replace('"PODS"', '"{{.PodCIDR}}"') + "\n"


def resolver() -> str:
    """The nameservers of the machine that pods can use too."""
    return "".join(f"nameserver {address}\n" for address in addresses.nameservers())


def kubelet(certificate: Path, key: Path) -> str:
    """The kubelet's configuration: cgroup v1 without systemd, and images that are never collected."""
    told = {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": True},
            "x509": {"clientCAFile": str(CERTIFICATES / "ca.crt")},
        },
        "authorization": {"mode": "Webhook"},
        "cgroupDriver": "cgroupfs",
        "clusterDNS": [DNS_ADDRESS],
        "clusterDomain": CLUSTER_DOMAIN,
        "containerRuntimeEndpoint": f"unix://{CONTAINERD_SOCKET}",
        "enforceNodeAllocatable": [],
        "evictionHard": {"imagefs.available": "1Gi", "memory.available": "100Mi", "nodefs.available": "1Gi"},
        "failCgroupV1": False,
        "failSwapOn": False,
        "imageGCHighThresholdPercent": 100,
        "imageGCLowThresholdPercent": 99,
        "oomScoreAdj": 0,
        "resolvConf": str(ARGUMENTS / "resolv.conf"),
        "rotateCertificates": True,
        "serializeImagePulls": False,
        "tlsCertFile": str(certificate),
        "tlsPrivateKeyFile": str(key),
    }
    return json.dumps(told, indent=2) + "\n"
