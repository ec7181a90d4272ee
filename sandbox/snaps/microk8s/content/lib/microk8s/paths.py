"""The paths of the node, the same as in MicroK8s."""

import os
from pathlib import Path

SNAP = Path(os.environ.get("SNAP", "/snap/microk8s/current"))
DATA = Path(os.environ.get("SNAP_DATA", "/var/snap/microk8s/current"))
COMMON = Path(os.environ.get("SNAP_COMMON", "/var/snap/microk8s/common"))

# Programs and libraries that the snap contains for its own use.
TOOLS = SNAP / "tools"

# Flags, certificates and kubeconfigs of the programs, and files that mark the state of the node.
ARGUMENTS = DATA / "args"
CERTIFICATES = DATA / "certs"
CREDENTIALS = DATA / "credentials"
STOPPED = DATA / "var/lock/stopped.lock"
WORKER = DATA / "var/lock/clustered.lock"

# Its content is not valid after a restart of the machine.
RUN = COMMON / "run"
CONTAINERD_SOCKET = RUN / "containerd.sock"
CONTAINERD_ROOT = COMMON / "var/lib/containerd"
KUBELET_ROOT = COMMON / "var/lib/kubelet"
VOLUMES = COMMON / "default-storage"

# The machine reaches no registry. All images are in its local store.
IMAGES = Path(os.environ.get("BIBIND_IMAGES", "/var/lib/bibind-snaps/images"))

API_PORT = 16443
CLUSTER_CIDR = "10.1.0.0/16"
SERVICE_CIDR = "10.152.183.0/24"
API_SERVICE_ADDRESS = "10.152.183.1"
DNS_ADDRESS = "10.152.183.10"
CLUSTER_DOMAIN = "cluster.local"
