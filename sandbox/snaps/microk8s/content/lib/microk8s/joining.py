"""`microk8s join … --worker`: this machine becomes a node of another machine's cluster.

The cluster signs the node's certificates over its own API: the token may ask for them and approve them, no more.
Every step may be done again after a kill.
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
from microk8s.errors import Refused
from microk8s.invitation import Invitation, authority_check
from microk8s.paths import API_PORT, ARGUMENTS, CERTIFICATES, COMMON, CREDENTIALS, KUBELET_ROOT, WORKER

REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
CLIENT = "kubernetes.io/kube-apiserver-client-kubelet"
SERVING = "kubernetes.io/kubelet-serving"
SECONDS_TO_SIGN = 30
END = "-----END CERTIFICATE-----"


def verify(invitation: Invitation, as_worker: bool) -> str:
    """Looks whether the cluster is there, is the one of the invitation, and knows its token; changes nothing."""
    if not as_worker:
        raise Refused(
            "this machine can join as a worker only: its database cannot be spread over several machines.\n"
            "Use `microk8s join … --worker`, or `worker: true` below `join` in the launch configuration."
        )
    authority = trusted_authority(invitation)
    caller = Caller(invitation.address, certificate=None, token=invitation.bearer, authority=authority)
    status, _ = api.request("GET", f"{REQUESTS}/none", caller=caller)
    if status == 401:
        raise Refused(f"the cluster of {invitation.address} does not know this token, or its time is over")
    return authority


def prepare(invitation: Invitation, as_worker: bool) -> None:
    """Fetches what a worker needs and writes its files; its daemons are started afterwards."""
    authority = verify(invitation, as_worker)
    if not WORKER.exists():
        forget_own_cluster()
    CERTIFICATES.mkdir(parents=True, exist_ok=True, mode=0o700)
    files.write(CERTIFICATES / "ca.crt", authority)
    files.write(WORKER, f"{invitation.address}\n")
    name = addresses.node_name()
    token = Caller(invitation.address, certificate=None, token=invitation.bearer)
    node = Subject(f"system:node:{name}", "system:nodes")
    sign("worker", node, CLIENT, asking=token, approving=token)
    itself = Caller(invitation.address, certificate="worker")
    server = Subject(f"system:node:{name}", "system:nodes", [name], addresses.all_addresses(), "serverAuth")
    sign("worker-server", server, SERVING, asking=itself, approving=token)
    write_configuration(invitation)


def forget_own_cluster() -> None:
    """Removes what the machine knows of the cluster that it belonged to until now; volumes and images stay."""
    for folder in (CERTIFICATES, CREDENTIALS, ARGUMENTS, KUBELET_ROOT, COMMON / "var/lib/etcd"):
        shutil.rmtree(folder, ignore_errors=True)


def trusted_authority(invitation: Invitation) -> str:
    """The certificate of the cluster's authority, taken over only when it is the one of the invitation."""
    line = ["openssl", "s_client", "-showcerts", "-connect", f"{invitation.address}:{API_PORT}"]
    told = subprocess.run(line, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30).stdout
    found = [f"-----BEGIN{part}{END}\n" for text in told.split("-----BEGIN")[1:] for part in [text.split(END)[0]]]
    for certificate in found:
        if "BEGIN CERTIFICATE" in certificate and authority_check(certificate) == invitation.check:
            return certificate
    if not found:
        raise Refused(f"no API server answers at {invitation.address}:{API_PORT}")
    raise Refused(
        f"{invitation.address}:{API_PORT} is not the cluster of this invitation: its authority is another one"
    )


def sign(name: str, subject: Subject, signer: str, asking: Caller, approving: Caller) -> None:
    """Has the cluster sign `certs/NAME.crt` for a key that never leaves this machine."""
    certificate = CERTIFICATES / f"{name}.crt"
    if certificate.exists():
        return
    key = CERTIFICATES / f"{name}.key"
    certificates.elliptic(key)
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
    api.change("POST", REQUESTS, request, caller=asking)
    path = f"{REQUESTS}/{request['metadata']['name']}"
    approve(path, approving)
    if not api.wait_until(lambda: signed(path, approving) is not None, SECONDS_TO_SIGN):
        raise Refused(f"the cluster did not sign the certificate {name} within {SECONDS_TO_SIGN} s")
    files.write(certificate, base64.b64decode(signed(path, approving) or "").decode())


def request_for(key: Path, subject: Subject) -> bytes:
    """A certificate request in PEM."""
    alternatives = [f"DNS:{name}" for name in subject.names] + [f"IP:{address}" for address in subject.addresses]
    extra = ["-addext", "subjectAltName=" + ",".join(alternatives)] if alternatives else []
    with tempfile.NamedTemporaryFile() as file:
        certificates.openssl(*("req", "-new", "-key", str(key), "-subj", subject.openssl, *extra, "-out", file.name))
        return Path(file.name).read_bytes()


def approve(path: str, caller: Caller) -> None:
    """Approves a request; the control plane may have been faster."""
    told = api.get(path, caller)
    if told is None or told.get("status", {}).get("conditions"):
        return
    condition = {"type": "Approved", "status": "True", "reason": "MicroK8sJoin", "message": "joined with a token"}
    status, text = api.request(
        "PUT", f"{path}/approval", {**told, "status": {"conditions": [condition]}}, caller=caller
    )
    if status not in (200, 409):
        raise Refused(f"the cluster does not let this machine join: {text}")


def signed(path: str, caller: Caller) -> str | None:
    told = api.get(path, caller)
    return told.get("status", {}).get("certificate") if told else None


def write_configuration(invitation: Invitation) -> None:
    """The files that a worker's daemons start with."""
    server = f"https://{invitation.address}:{API_PORT}"
    files.write(CREDENTIALS / "kubelet.config", kubeconfigs.of_certificate(server, "kubelet", "worker"), 0o600)
    configurations.write_all(CERTIFICATES / "worker-server.crt", CERTIFICATES / "worker-server.key")
    for program, lines in flags.worker().items():
        files.write(ARGUMENTS / program, "\n".join(lines) + "\n")


def control_plane() -> str:
    """The address of the API server that this worker belongs to."""
    return WORKER.read_text().strip()
