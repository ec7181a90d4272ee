"""What the hooks of installation and refresh make: group, certificates, credentials, flags of every program."""

import base64
import secrets
import subprocess

from microk8s import addresses, certificates, configurations, files, kubeconfigs
from microk8s.paths import (
    API_PORT,
    ARGUMENTS,
    CLUSTER_CIDR,
    COMMON,
    CREDENTIALS,
    KUBELET_ROOT,
    SERVICE_CIDR,
    VOLUMES,
)

CERTS = "${SNAP_DATA}/certs"
CONFIGS = "${SNAP_DATA}/credentials"


def prepare() -> None:
    """Makes everything that is not there yet; safe to run again after a kill at any point."""
    subprocess.run(["groupadd", "--system", "--force", "microk8s"], check=True)
    stop_debian_services()
    for folder in (ARGUMENTS, CREDENTIALS, KUBELET_ROOT, VOLUMES):
        folder.mkdir(parents=True, exist_ok=True)
    certificates.make_all()
    kubeconfigs.write_all()
    write_encryption_key()
    configurations.write_all()
    for program, flags in launch_flags().items():
        files.write_once(ARGUMENTS / program, "\n".join(flags) + "\n")


def stop_debian_services() -> None:
    """Debian's packages start a containerd and an etcd of their own, which the node has no use for."""
    for service in ("containerd", "etcd"):
        subprocess.run(["systemctl", "disable", "--now", service], capture_output=True, stdin=subprocess.DEVNULL)


def write_encryption_key() -> None:
    """Secrets lie encrypted in etcd; the key is made once, on this node, and never leaves it."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    text = f"""apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources:
  - secrets
  providers:
  - secretbox:
      keys:
      - name: first
        secret: {key}
  - identity: {{}}
"""
    files.write_once(CREDENTIALS / "encryption.yaml", text, 0o600)


def launch_flags() -> dict[str, list[str]]:
    """The first flags of every program; the operator changes them in `args/`."""
    return {
        "containerd": ["--config=${SNAP_DATA}/args/containerd.toml"],
        "etcd": etcd_flags(),
        "kube-apiserver": api_server_flags(addresses.default_address()),
        "kube-controller-manager": controller_manager_flags(),
        "kube-scheduler": scheduler_flags(),
        "kubelet": kubelet_flags(addresses.default_address()),
        "kube-proxy": proxy_flags(),
    }


def etcd_flags() -> list[str]:
    return [
        "--name=microk8s",
        f"--data-dir={COMMON}/var/lib/etcd",
        "--listen-client-urls=https://127.0.0.1:12379",
        "--advertise-client-urls=https://127.0.0.1:12379",
        "--listen-peer-urls=https://127.0.0.1:12380",
        "--initial-advertise-peer-urls=https://127.0.0.1:12380",
        "--initial-cluster=microk8s=https://127.0.0.1:12380",
        "--client-cert-auth=true",
        f"--trusted-ca-file={CERTS}/etcd-ca.crt",
        f"--cert-file={CERTS}/etcd.crt",
        f"--key-file={CERTS}/etcd.key",
        "--peer-client-cert-auth=true",
        f"--peer-trusted-ca-file={CERTS}/etcd-ca.crt",
        f"--peer-cert-file={CERTS}/etcd.crt",
        f"--peer-key-file={CERTS}/etcd.key",
        "--auto-compaction-mode=periodic",
        "--auto-compaction-retention=1h",
        "--log-level=warn",
    ]


def api_server_flags(address: str) -> list[str]:
    """As MicroK8s starts it: everybody with a certificate may do everything until `enable rbac`."""
    return [
        f"--advertise-address={address}",
        f"--secure-port={API_PORT}",
        "--allow-privileged=true",
        "--anonymous-auth=false",
        "--authorization-mode=AlwaysAllow",
        "--enable-admission-plugins=NodeRestriction",
        "--enable-bootstrap-token-auth=true",
        "--event-ttl=5m",
        "--profiling=false",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        f"--client-ca-file={CERTS}/ca.crt",
        f"--tls-cert-file={CERTS}/server.crt",
        f"--tls-private-key-file={CERTS}/server.key",
        "--etcd-servers=https://127.0.0.1:12379",
        f"--etcd-cafile={CERTS}/etcd-ca.crt",
        f"--etcd-certfile={CERTS}/apiserver-etcd-client.crt",
        f"--etcd-keyfile={CERTS}/apiserver-etcd-client.key",
        f"--encryption-provider-config={CONFIGS}/encryption.yaml",
        f"--kubelet-certificate-authority={CERTS}/ca.crt",
        f"--kubelet-client-certificate={CERTS}/apiserver-kubelet-client.crt",
        f"--kubelet-client-key={CERTS}/apiserver-kubelet-client.key",
        "--kubelet-preferred-address-types=InternalIP",
        f"--proxy-client-cert-file={CERTS}/front-proxy-client.crt",
        f"--proxy-client-key-file={CERTS}/front-proxy-client.key",
        f"--requestheader-client-ca-file={CERTS}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={CERTS}/serviceaccount.key",
        f"--service-account-signing-key-file={CERTS}/serviceaccount.key",
    ]


def controller_manager_flags() -> list[str]:
    config = f"{CONFIGS}/controller.config"
    return [
        f"--kubeconfig={config}",
        f"--authentication-kubeconfig={config}",
        f"--authorization-kubeconfig={config}",
        "--allocate-node-cidrs=true",
        f"--cluster-cidr={CLUSTER_CIDR}",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        f"--cluster-signing-cert-file={CERTS}/ca.crt",
        f"--cluster-signing-key-file={CERTS}/ca.key",
        f"--root-ca-file={CERTS}/ca.crt",
        f"--service-account-private-key-file={CERTS}/serviceaccount.key",
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--leader-elect=false",
        "--profiling=false",
        "--use-service-account-credentials=true",
    ]


def scheduler_flags() -> list[str]:
    config = f"{CONFIGS}/scheduler.config"
    return [
        f"--kubeconfig={config}",
        f"--authentication-kubeconfig={config}",
        f"--authorization-kubeconfig={config}",
        "--leader-elect=false",
        "--profiling=false",
    ]


def kubelet_flags(address: str, kubeconfig: str = f"{CONFIGS}/kubelet.config", role: str = "controlplane") -> list[str]:
    return [
        "--config=${SNAP_DATA}/args/kubelet.yaml",
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={addresses.node_name()}",
        f"--node-ip={address}",
        f"--root-dir={KUBELET_ROOT}",
        f"--node-labels=microk8s.io/cluster=true,node.kubernetes.io/microk8s-{role}=microk8s-{role}",
    ]


def proxy_flags(kubeconfig: str = f"{CONFIGS}/proxy.config") -> list[str]:
    return [
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={addresses.node_name()}",
        f"--cluster-cidr={CLUSTER_CIDR}",
        "--proxy-mode=nftables",
        "--conntrack-max-per-core=0",
        "--oom-score-adj=0",
    ]
