"""The node's certificates, created with openssl.

Each file is created once, a key before its certificate. So no certificate is ever without its key, even after a kill.
"""

import ipaddress
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from microk8s import addresses
from microk8s.paths import API_SERVICE_ADDRESS, CERTIFICATES, CLUSTER_DOMAIN

DAYS = "3650"


@dataclass(frozen=True)
class Subject:
    """The subject of a certificate and its allowed usages."""

    common_name: str
    organisation: str | None = None
    names: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    usages: str = "clientAuth"

    @property
    def openssl(self) -> str:
        organisation = f"/O={self.organisation}" if self.organisation else ""
        return f"{organisation}/CN={self.common_name}"

    @property
    def extensions(self) -> str:
        """The extensions of the certificate in the notation of openssl."""
        alternatives = [f"DNS:{name}" for name in self.names] + [f"IP:{address}" for address in self.addresses]
        lines = [
            "basicConstraints=critical,CA:FALSE",
            "keyUsage=critical,digitalSignature,keyEncipherment",
            f"extendedKeyUsage={self.usages}",
            "authorityKeyIdentifier=keyid",
        ]
        if alternatives:
            lines.append("subjectAltName=" + ",".join(alternatives))
        return "\n".join(lines) + "\n"


def openssl(*arguments: str) -> None:
    result = subprocess.run(["openssl", *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]} failed: {result.stderr.strip()}")


def make_key(key: Path, *algorithm: str) -> None:
    """Creates a private key that only root may read."""
    if key.exists():
        return
    unfinished = key.with_name(f".{key.name}.unfinished")
    previous = os.umask(0o077)
    openssl("genpkey", *algorithm, "-out", str(unfinished))
    os.umask(previous)
    os.replace(unfinished, key)


def make_elliptic_key(key: Path) -> None:
    make_key(key, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")


def make_authority(name: str, common_name: str) -> None:
    """Creates the certificate authority `name.crt` and its key."""
    key, certificate = CERTIFICATES / f"{name}.key", CERTIFICATES / f"{name}.crt"
    if certificate.exists():
        return
    make_elliptic_key(key)
    unfinished = certificate.with_name(f".{name}.crt.unfinished")
    openssl(
        *("req", "-x509", "-new", "-key", str(key), "-subj", f"/CN={common_name}", "-days", DAYS),
        *("-addext", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature", "-out", str(unfinished)),
    )
    os.replace(unfinished, certificate)


def make_certificate(name: str, subject: Subject, authority: str = "ca") -> None:
    """Creates the certificate `name.crt`, signed by an authority, and its key."""
    key, certificate = CERTIFICATES / f"{name}.key", CERTIFICATES / f"{name}.crt"
    if certificate.exists():
        return
    make_elliptic_key(key)
    with tempfile.TemporaryDirectory() as scratch:
        request, extensions = f"{scratch}/request", f"{scratch}/extensions"
        Path(extensions).write_text(subject.extensions)
        openssl("req", "-new", "-key", str(key), "-subj", subject.openssl, "-out", request)
        unfinished = certificate.with_name(f".{name}.crt.unfinished")
        openssl(
            *("x509", "-req", "-in", request, "-days", DAYS, "-extfile", extensions, "-out", str(unfinished)),
            *("-CA", str(CERTIFICATES / f"{authority}.crt"), "-CAkey", str(CERTIFICATES / f"{authority}.key")),
        )
    # A server also sends the certificate of its authority. A joining machine identifies the cluster by it.
    unfinished.write_text(unfinished.read_text() + (CERTIFICATES / f"{authority}.crt").read_text())
    os.replace(unfinished, certificate)


def make_all(extra_names: list[str]) -> None:
    """Creates the missing authorities, keys and certificates of a control plane node.

    `extra_names` are more host names and addresses of the API server.
    """
    CERTIFICATES.mkdir(parents=True, exist_ok=True, mode=0o700)
    make_authority("ca", "microk8s-ca")
    make_authority("front-proxy-ca", "front-proxy-ca")
    make_authority("etcd-ca", "etcd-ca")
    make_key(CERTIFICATES / "serviceaccount.key", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    for name, subject, authority in required(extra_names):
        make_certificate(name, subject, authority)


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def required(extra_names: list[str]) -> list[tuple[str, Subject, str]]:
    """Every certificate of a control plane node: its name, its subject and the authority that signs it."""
    name, own = addresses.node_name(), addresses.all_addresses()
    service = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{CLUSTER_DOMAIN}"]
    both, server = "serverAuth,clientAuth", "serverAuth"
    api_names = [*service, "localhost", name, *(each for each in extra_names if not is_address(each))]
    api_addresses = ["127.0.0.1", API_SERVICE_ADDRESS, *own, *filter(is_address, extra_names)]
    return [
        ("server", Subject("kube-apiserver", None, api_names, api_addresses, server), "ca"),
        ("apiserver-kubelet-client", Subject("kube-apiserver-kubelet-client", "system:masters"), "ca"),
        ("client", Subject("admin", "system:masters"), "ca"),
        ("controller", Subject("system:kube-controller-manager"), "ca"),
        ("scheduler", Subject("system:kube-scheduler"), "ca"),
        ("proxy", Subject("system:kube-proxy"), "ca"),
        ("kubelet", Subject(f"system:node:{name}", "system:nodes", [name], own, both), "ca"),
        ("front-proxy-client", Subject("front-proxy-client"), "front-proxy-ca"),
        ("etcd", Subject("etcd", None, ["localhost"], ["127.0.0.1"], both), "etcd-ca"),
        ("apiserver-etcd-client", Subject("apiserver-etcd-client"), "etcd-ca"),
    ]
