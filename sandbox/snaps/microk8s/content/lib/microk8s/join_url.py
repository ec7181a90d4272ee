"""`microk8s add-node`: creates the URL with the token that another machine needs to join this cluster."""

import hashlib
import json
import secrets
import ssl
import string
import time
from dataclasses import dataclass

from microk8s import addresses, api
from microk8s.errors import CommandError
from microk8s.paths import API_PORT, CERTIFICATES

TOKEN_LENGTH = 32
ID_LENGTH = 6
SECRET_LENGTH = 16
ALPHABET = string.ascii_lowercase + string.digits
# The default lifetime of a token: one day.
DEFAULT_SECONDS = 86400
GROUP = "system:bootstrappers:microk8s"
FORMATS = ("pretty", "short", "token", "token-check", "json", "yaml")

# The rights of a token: request the certificates of a node, and approve these requests.
ROLE = "microk8s-join"
RULES = [
    {
        "apiGroups": ["certificates.k8s.io"],
        "resources": ["certificatesigningrequests"],
        "verbs": ["create", "get"],
    },
    {
        "apiGroups": ["certificates.k8s.io"],
        "resources": ["certificatesigningrequests/approval"],
        "verbs": ["update"],
    },
    {
        "apiGroups": ["certificates.k8s.io"],
        "resources": ["signers"],
        "resourceNames": ["kubernetes.io/kube-apiserver-client-kubelet", "kubernetes.io/kubelet-serving"],
        "verbs": ["approve"],
    },
]


@dataclass(frozen=True)
class JoinUrl:
    """A join URL: ADDRESS:PORT/TOKEN/CHECK."""

    address: str
    token: str
    # SHA-256 of the cluster's certificate authority. The joining machine verifies the cluster with it.
    check: str

    @property
    def url(self) -> str:
        return f"{self.address}:{API_PORT}/{self.token}/{self.check}"

    @property
    def bearer(self) -> str:
        """The token in the format of Kubernetes."""
        return f"{self.token[:ID_LENGTH]}.{self.token[ID_LENGTH:ID_LENGTH + SECRET_LENGTH]}"

    @staticmethod
    def parse(url: str) -> "JoinUrl":
        """Reads a URL that add-node printed. Its port is ignored: MicroK8s prints 25000, but we use the API server."""
        parts = url.removeprefix("https://").split("/")
        if len(parts) != 3 or len(parts[1]) != TOKEN_LENGTH or len(parts[2]) != 64:
            raise CommandError("Invalid join URL: expected ADDRESS:PORT/TOKEN/CHECK as `microk8s add-node` prints it")
        return JoinUrl(parts[0].rpartition(":")[0] or parts[0], parts[1], parts[2])


def authority_check(certificate: str) -> str:
    """SHA-256 of a certificate in PEM."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()


def checked_token(token: str | None) -> str:
    """The given token if it is valid. Without one, a new token."""
    if token is None:
        return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    if len(token) != TOKEN_LENGTH or not set(token) <= set(ALPHABET):
        raise CommandError("Invalid token. It must have 32 characters, only a to z and 0 to 9.")
    return token


def create(token: str | None, seconds: int) -> JoinUrl:
    """Registers a token in the API server. For a known token, the lifetime starts again."""
    chosen = checked_token(token)
    allow_joining()
    expiry = time.gmtime(time.time() + (seconds if seconds > 0 else DEFAULT_SECONDS))
    name = f"bootstrap-token-{chosen[:ID_LENGTH]}"
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": name, "namespace": "kube-system"},
        "type": "bootstrap.kubernetes.io/token",
        "stringData": {
            "token-id": chosen[:ID_LENGTH],
            "token-secret": chosen[ID_LENGTH : ID_LENGTH + SECRET_LENGTH],
            "expiration": time.strftime("%Y-%m-%dT%H:%M:%SZ", expiry),
            "usage-bootstrap-authentication": "true",
            "auth-extra-groups": GROUP,
        },
    }
    api.apply(f"/api/v1/namespaces/kube-system/secrets/{name}", secret)
    check = authority_check((CERTIFICATES / "ca.crt").read_text())
    return JoinUrl(addresses.default_address(), chosen, check)


def allow_joining() -> None:
    """Creates the role for joining, and gives kube-proxy its role. On a worker, it uses the certificate of the node."""
    rbac = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{rbac}/v1", "kind": "ClusterRole", "metadata": {"name": ROLE}, "rules": RULES}
    api.apply(f"/apis/{rbac}/v1/clusterroles/{ROLE}", role)
    for name, granted, group in ((ROLE, ROLE, GROUP), ("microk8s-proxies", "system:node-proxier", "system:nodes")):
        binding = {
            "apiVersion": f"{rbac}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": name},
            "roleRef": {"apiGroup": rbac, "kind": "ClusterRole", "name": granted},
            "subjects": [{"apiGroup": rbac, "kind": "Group", "name": group}],
        }
        api.apply(f"/apis/{rbac}/v1/clusterrolebindings/{name}", binding)


def text(join_url: JoinUrl, output_format: str) -> str:
    """The output of add-node, in one of MicroK8s' formats."""
    others = [JoinUrl(address, join_url.token, join_url.check) for address in addresses.all_addresses()]
    urls = list(dict.fromkeys([join_url.url, *(other.url for other in others)]))
    both = f"{join_url.token}/{join_url.check}"
    if output_format == "json":
        return json.dumps({"token": both, "urls": urls}, indent=2)
    if output_format == "yaml":
        return "\n".join([f"token: {both}", "urls:", *(f"- {url}" for url in urls)])
    if output_format in ("token", "token-check"):
        return join_url.token if output_format == "token" else both
    if output_format == "short":
        return "\n".join(f"microk8s join {url} --worker" for url in urls)
    return (
        "From the node you wish to join to this cluster, run the following:\n"
        f"microk8s join {join_url.url} --worker\n\n"
        "If the node you are adding is not reachable through the default interface you can use one of the following:\n"
        + "\n".join(f"microk8s join {url} --worker" for url in urls)
    )
