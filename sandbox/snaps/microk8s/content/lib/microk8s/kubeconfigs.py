"""Kubeconfig files: who a program is when it talks to the API server."""

import base64
import grp
import os
from pathlib import Path

from microk8s import files
from microk8s.paths import API_PORT, CERTIFICATES, CREDENTIALS


def encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def kubeconfig(server: str, user: str, credentials: dict[str, str]) -> str:
    """A kubeconfig of one user on one cluster."""
    lines = "\n".join(f"    {name}: {told}" for name, told in credentials.items())
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


def of_certificate(server: str, user: str, certificate: str) -> str:
    """The kubeconfig of whom a certificate of this node names."""
    credentials = {
        "client-certificate-data": encoded(CERTIFICATES / f"{certificate}.crt"),
        "client-key-data": encoded(CERTIFICATES / f"{certificate}.key"),
    }
    return kubeconfig(server, user, credentials)


def write_all() -> None:
    """Writes the kubeconfig of every program and the administrator's, for use on this machine."""
    CREDENTIALS.mkdir(parents=True, exist_ok=True)
    here = f"https://127.0.0.1:{API_PORT}"
    for name in ("kubelet", "proxy", "controller", "scheduler"):
        files.write(CREDENTIALS / f"{name}.config", of_certificate(here, name, name), 0o600)
    administrator = CREDENTIALS / "client.config"
    files.write(administrator, of_certificate(here, "admin", "client"), 0o660)
    os.chown(administrator, 0, grp.getgrnam("microk8s").gr_gid)


def for_others(address: str) -> str:
    """The administrator's kubeconfig with an address that others reach: what `microk8s config` prints."""
    return (CREDENTIALS / "client.config").read_text().replace("https://127.0.0.1:", f"https://{address}:")
