"""The configuration files of containerd, the pod network and the kubelet."""

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
    """Writes the missing files. `certificate` and `key` are for the kubelet's server."""
    NETWORK.mkdir(parents=True, exist_ok=True)
    files.write_once(ARGUMENTS / "containerd.toml", containerd())
    files.write_once(ARGUMENTS / "cni.template", network())
    files.write_once(ARGUMENTS / "resolv.conf", resolver())
    files.write_once(ARGUMENTS / "kubelet.yaml", kubelet(certificate, key))


def containerd() -> str:
    """The configuration of containerd. `restrict_oom_score_adj` is set, because CAP_SYS_RESOURCE can be missing."""
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
    """The template of the CNI configuration.

    Each pod has its own link to the node. So the node routes every packet between pods and can filter it. containerd
    fills in the node's address range as soon as the control plane has assigned one. The list of used addresses is in
    /run: a restart of the machine removes it, together with all pods.
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
    text = json.dumps({"cniVersion": "0.3.1", "name": "microk8s", "plugins": plugins}, indent=2)
    return text.replace('"PODS"', '"{{.PodCIDR}}"') + "\n"


def resolver() -> str:
    """The resolv.conf for pods, with the machine's name servers that pods can reach."""
    return "".join(f"nameserver {address}\n" for address in addresses.nameservers())


def kubelet(certificate: Path, key: Path) -> str:
    """The configuration of the kubelet. It supports cgroup v1, does not use systemd, and deletes no images."""
    configuration = {
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
    return json.dumps(configuration, indent=2) + "\n"
