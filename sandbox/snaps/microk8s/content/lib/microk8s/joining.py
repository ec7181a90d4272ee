"""`microk8s join … --worker`: this machine joins the cluster of another machine.

The cluster signs the node's certificates through its API. The token can only request and approve them.
Every step is safe to run again after a kill.
"""

import base64
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from microk8s import addresses, api, certificates, configurations, files, flags, kubeconfigs
from microk8s.api import Caller
from microk8s.certificates import Subject
from microk8s.errors import CommandError
from microk8s.join_url import JoinUrl, authority_check
from microk8s.paths import API_PORT, ARGUMENTS, CERTIFICATES, COMMON, CREDENTIALS, KUBELET_ROOT, WORKER

REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
CLIENT = "kubernetes.io/kube-apiserver-client-kubelet"
SERVING = "kubernetes.io/kubelet-serving"
SECONDS_TO_SIGN = 30
END = "-----END CERTIFICATE-----"


def verify(url: JoinUrl, as_worker: bool) -> str:
    """Checks that the cluster answers, has the authority of the join URL and accepts the token. Changes nothing.

    Returns the certificate of the cluster's authority.
    """
    if not as_worker:
        raise CommandError(
            "this machine can join as a worker only: the database of the control plane cannot be replicated.\n"
            "Use `microk8s join … --worker`, or `worker: true` below `join` in the launch configuration."
        )
    authority = trusted_authority(url)
    caller = Caller(url.address, certificate=None, token=url.bearer, authority=authority)
    status, _ = api.request("GET", f"{REQUESTS}/none", caller=caller)
    if status == 401:
        raise CommandError(f"the cluster of {url.address} does not accept this token: it is unknown or has expired")
    return authority


def prepare(url: JoinUrl, as_worker: bool) -> None:
    """Gets the certificates of a worker and writes its files. The caller starts its daemons."""
    authority = verify(url, as_worker)
    if not WORKER.exists():
        forget_own_cluster()
    CERTIFICATES.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.write(CERTIFICATES / "ca.crt", authority)
    files.write(WORKER, f"{url.address}\n")
    name = addresses.node_name()
    token = Caller(url.address, certificate=None, token=url.bearer)
    node = Subject(f"system:node:{name}", "system:nodes")
    sign("worker", node, CLIENT, requester=token, approver=token)
    worker = Caller(url.address, certificate="worker")
    server = Subject(f"system:node:{name}", "system:nodes", [name], addresses.all_addresses(), "serverAuth")
    sign("worker-server", server, SERVING, requester=worker, approver=token)
    write_configuration(url)


def forget_own_cluster() -> None:
    """Removes the files of the machine's current cluster. Volumes and images stay."""
    for folder in (CERTIFICATES, CREDENTIALS, ARGUMENTS, KUBELET_ROOT, COMMON / "var/lib/etcd"):
        shutil.rmtree(folder, ignore_errors=True)


def trusted_authority(url: JoinUrl) -> str:
    """The certificate of the cluster's authority, when its hash is the one in the join URL."""
    command = ["openssl", "s_client", "-showcerts", "-connect", f"{url.address}:{API_PORT}"]
    output = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30).stdout
    found = [f"-----BEGIN{part}{END}\n" for text in output.split("-----BEGIN")[1:] for part in [text.split(END)[0]]]
    for certificate in found:
        if "BEGIN CERTIFICATE" in certificate and authority_check(certificate) == url.check:
            return certificate
    if not found:
        raise CommandError(f"no API server answers at {url.address}:{API_PORT}")
    raise CommandError(
        f"{url.address}:{API_PORT} is not the cluster of this join URL: it has a different certificate authority"
    )


def sign(name: str, subject: Subject, signer: str, requester: Caller, approver: Caller) -> None:
    """Gets the certificate `certs/NAME.crt` from the cluster. Its key never leaves this machine."""
    certificate = CERTIFICATES / f"{name}.crt"
    if certificate.exists():
        return
    key = CERTIFICATES / f"{name}.key"
    certificates.make_elliptic_key(key)
    usage = "client auth" if signer == CLIENT else "server auth"
    request = {
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": f"{addresses.node_name()}-{name}-{int(time.time() * 1000)}"},
        "spec": {
            "request": base64.b64encode(request_for(key, subject)).decode(),
            "signerName": signer,
            "usages": ["digital signature", usage],
        },
    }
    api.change("POST", REQUESTS, request, caller=requester)
    path = f"{REQUESTS}/{request['metadata']['name']}"
    approve(path, approver)
    if not api.wait_until(lambda: signed(path, approver) is not None, SECONDS_TO_SIGN):
        raise CommandError(f"the cluster did not sign the certificate {name} within {SECONDS_TO_SIGN} s")
    files.write(certificate, base64.b64decode(signed(path, approver) or "").decode())


def request_for(key: Path, subject: Subject) -> bytes:
    """A certificate request in PEM."""
    alternatives = [f"DNS:{name}" for name in subject.names] + [f"IP:{address}" for address in subject.addresses]
    extra = ["-addext", "subjectAltName=" + ",".join(alternatives)] if alternatives else []
    with tempfile.NamedTemporaryFile() as file:
        certificates.openssl(*("req", "-new", "-key", str(key), "-subj", subject.openssl, *extra, "-out", file.name))
        return Path(file.name).read_bytes()


def approve(path: str, caller: Caller) -> None:
    """Approves a request, unless the control plane has already done it."""
    request = api.get(path, caller)
    if request is None or request.get("status", {}).get("conditions"):
        return
    condition = {"type": "Approved", "status": "True", "reason": "MicroK8sJoin", "message": "joined with a token"}
    status, text = api.request(
        "PUT", f"{path}/approval", {**request, "status": {"conditions": [condition]}}, caller=caller
    )
    if status not in (200, 409):
        raise CommandError(f"the cluster does not let this machine join: {text}")


def signed(path: str, caller: Caller) -> str | None:
    request = api.get(path, caller)
    return request.get("status", {}).get("certificate") if request else None


def write_configuration(url: JoinUrl) -> None:
    """Writes the configuration of the worker's daemons."""
    server = f"https://{url.address}:{API_PORT}"
    files.write(CREDENTIALS / "kubelet.config", kubeconfigs.with_certificate(server, "kubelet", "worker"), 0o600)
    configurations.write_all(CERTIFICATES / "worker-server.crt", CERTIFICATES / "worker-server.key")
    for program, lines in flags.worker().items():
        files.write(ARGUMENTS / program, "\n".join(lines) + "\n")


def control_plane() -> str:
    """The address of the API server that this worker belongs to."""
    return WORKER.read_text().strip()
