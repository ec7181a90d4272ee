"""The kubeconfig files with which programs access the API server."""

import base64
import grp
import os
from pathlib import Path

from microk8s import files
from microk8s.paths import API_PORT, CERTIFICATES, CREDENTIALS


def encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def kubeconfig(server: str, user: str, credentials: dict[str, str]) -> str:
    """A kubeconfig with one cluster and one user."""
    lines = "\n".join(f"    {name}: {value}" for name, value in credentials.items())
    return f"""apiVersion: v1
kind: Config
clusters:
- name: microk8s-cluster
  cluster:
    certificate-authority-data: {encoded(CERTIFICATES / "ca.crt")}
    server: {server}
contexts:
- name: microk8s
  context:
    cluster: microk8s-cluster
    user: {user}
current-context: microk8s
preferences: {{}}
users:
- name: {user}
  user:
{lines}
"""


def with_certificate(server: str, user: str, certificate: str) -> str:
    """A kubeconfig with a client certificate of this node."""
    credentials = {
        "client-certificate-data": encoded(CERTIFICATES / f"{certificate}.crt"),
        "client-key-data": encoded(CERTIFICATES / f"{certificate}.key"),
    }
    return kubeconfig(server, user, credentials)


def write_all() -> None:
    """Writes the kubeconfigs of all programs and of the administrator, for use on this machine."""
    CREDENTIALS.mkdir(parents=True, exist_ok=True)
    server = f"https://127.0.0.1:{API_PORT}"
    for name in ("kubelet", "proxy", "controller", "scheduler"):
        files.write(CREDENTIALS / f"{name}.config", with_certificate(server, name, name), 0o600)
    path = CREDENTIALS / "client.config"
    files.write(path, with_certificate(server, "admin", "client"), 0o660)
    os.chown(path, 0, grp.getgrnam("microk8s").gr_gid)


def administrator(address: str) -> str:
    """The administrator's kubeconfig with this address of the API server, as `microk8s config` prints it."""
    return (CREDENTIALS / "client.config").read_text().replace("https://127.0.0.1:", f"https://{address}:")
