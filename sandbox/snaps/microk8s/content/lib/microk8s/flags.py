"""The initial flags of every program. The operator can change them in `args/`."""

from microk8s import addresses
from microk8s.paths import API_PORT, CLUSTER_CIDR, COMMON, KUBELET_ROOT, SERVICE_CIDR

CERTS = "${SNAP_DATA}/certs"
CONFIGS = "${SNAP_DATA}/credentials"
CONTAINERD = ["--config=${SNAP_DATA}/args/containerd.toml"]


def control_plane() -> dict[str, list[str]]:
    """The flags of every program on a node with a control plane."""
    return {
        "containerd": CONTAINERD,
        "etcd": etcd(),
        "kube-apiserver": api_server(addresses.default_address()),
        "kube-controller-manager": controller_manager(),
        "kube-scheduler": scheduler(),
        "kubelet": kubelet(addresses.default_address()),
        "kube-proxy": proxy(),
        "kube-router": policies(),
    }


def etcd() -> list[str]:
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


def api_server(address: str) -> list[str]:
    """The same mode as in MicroK8s: until `enable rbac`, every user with a certificate has all rights."""
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


def controller_manager() -> list[str]:
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
        "--cluster-signing-duration=87600h",
        f"--root-ca-file={CERTS}/ca.crt",
        f"--service-account-private-key-file={CERTS}/serviceaccount.key",
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--leader-elect=false",
        "--profiling=false",
        "--use-service-account-credentials=true",
    ]


def scheduler() -> list[str]:
    config = f"{CONFIGS}/scheduler.config"
    return [
        f"--kubeconfig={config}",
        f"--authentication-kubeconfig={config}",
        f"--authorization-kubeconfig={config}",
        "--leader-elect=false",
        "--profiling=false",
    ]


def kubelet(address: str, kubeconfig: str = f"{CONFIGS}/kubelet.config", role: str = "controlplane") -> list[str]:
    return [
        "--config=${SNAP_DATA}/args/kubelet.yaml",
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={addresses.node_name()}",
        f"--node-ip={address}",
        f"--root-dir={KUBELET_ROOT}",
        f"--cert-dir={KUBELET_ROOT}/pki",
        f"--node-labels=microk8s.io/cluster=true,node.kubernetes.io/microk8s-{role}=microk8s-{role}",
    ]


def proxy(kubeconfig: str = f"{CONFIGS}/proxy.config") -> list[str]:
    return [
        f"--kubeconfig={kubeconfig}",
        f"--hostname-override={addresses.node_name()}",
        f"--cluster-cidr={CLUSTER_CIDR}",
        "--proxy-mode=nftables",
        "--conntrack-max-per-core=0",
        "--oom-score-adj=0",
    ]


def policies() -> list[str]:
    """kube-router only enforces NetworkPolicies. Other programs connect pods and implement Services."""
    return [
        f"--kubeconfig={CONFIGS}/kubelet.config",
        f"--hostname-override={addresses.node_name()}",
        f"--service-cluster-ip-range={SERVICE_CIDR}",
        "--run-firewall=true",
        "--run-router=false",
        "--run-service-proxy=false",
        "--run-loadbalancer=false",
        "--enable-cni=false",
        "--health-port=0",
    ]


def worker() -> dict[str, list[str]]:
    """The flags of every program on a worker. kube-proxy uses the certificate of the kubelet."""
    config = f"{CONFIGS}/kubelet.config"
    return {
        "containerd": CONTAINERD,
        "kubelet": kubelet(addresses.default_address(), config, "worker"),
        "kube-proxy": proxy(config),
        "kube-router": policies(),
    }
