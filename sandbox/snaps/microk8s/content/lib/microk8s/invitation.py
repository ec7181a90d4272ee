"""`microk8s add-node`: a token with which another machine asks this cluster for its certificates."""

import hashlib
import json
import secrets
import ssl
import string
import time
from dataclasses import dataclass

from microk8s import addresses, api
from microk8s.errors import Refused
from microk8s.paths import API_PORT, CERTIFICATES

TOKEN_LENGTH = 32
ID_LENGTH = 6
SECRET_LENGTH = 16
ALPHABET = string.ascii_lowercase + string.digits
# A token without a lifetime of its own ends after a day, used or not.
DEFAULT_SECONDS = 86400
GROUP = "system:bootstrappers:microk8s"
FORMATS = ("pretty", "short", "token", "token-check", "json", "yaml")

# What a machine may do with a token: ask for a node's certificates, and approve just those.
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
class Invitation:
    """Where and with what another machine joins: ADDRESS:PORT/TOKEN/CHECK."""

    address: str
    token: str
    # SHA-256 of the cluster's authority, so that the machine knows whom it trusts.
    check: str

    @property
    def url(self) -> str:
        return f"{self.address}:{API_PORT}/{self.token}/{self.check}"

    @property
    def bearer(self) -> str:
        """The token in Kubernetes' own form."""
        return f"{self.token[:ID_LENGTH]}.{self.token[ID_LENGTH:ID_LENGTH + SECRET_LENGTH]}"

    @staticmethod
    def parse(url: str) -> "Invitation":
        """Reads what add-node printed; the port may be MicroK8s' own 25000, the API server is asked anyway."""
        parts = url.removeprefix("https://").split("/")
        if len(parts) != 3 or len(parts[1]) != TOKEN_LENGTH or len(parts[2]) != 64:
            raise Refused("Invalid join URL: expected ADDRESS:PORT/TOKEN/CHECK as `microk8s add-node` prints it")
        return Invitation(parts[0].rpartition(":")[0] or parts[0], parts[1], parts[2])


def authority_check(certificate: str) -> str:
    """SHA-256 of a certificate in PEM."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()


def checked_token(token: str | None) -> str:
    """The given token, or a new one."""
    if token is None:
        return "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    if len(token) != TOKEN_LENGTH or not set(token) <= set(ALPHABET):
        raise Refused("Invalid token. It must be 32 characters long, of a to z and 0 to 9.")
    return token


def create(token: str | None, seconds: int) -> Invitation:
    """Makes a token known to the API server; one that is known already lives on from now."""
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
    return Invitation(addresses.default_address(), chosen, check)


def allow_joining() -> None:
    """Roles for joining, and for the kube-proxy of a worker, which is known by its node's certificate."""
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


def text(invitation: Invitation, form: str) -> str:
    """What add-node prints, in one of MicroK8s' formats."""
    others = [Invitation(address, invitation.token, invitation.check) for address in addresses.all_addresses()]
    urls = list(dict.fromkeys([invitation.url, *(other.url for other in others)]))
    both = f"{invitation.token}/{invitation.check}"
    if form == "json":
        return json.dumps({"token": both, "urls": urls}, indent=2)
    if form == "yaml":
        return "\n".join([f"token: {both}", "urls:", *(f"- {url}" for url in urls)])
    if form in ("token", "token-check"):
        return invitation.token if form == "token" else both
    if form == "short":
        return "\n".join(f"microk8s join {url} --worker" for url in urls)
    return (
        "From the machine that is to be a worker of this cluster, run the following:\n"
        f"microk8s join {invitation.url} --worker\n\n"
        "If it reaches this one by another address, use one of these:\n"
        + "\n".join(f"microk8s join {url} --worker" for url in urls)
    )
