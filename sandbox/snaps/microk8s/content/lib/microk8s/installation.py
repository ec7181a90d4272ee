"""The hooks `install` and `post-refresh`: they create group, certificates, credentials, and flags of every program."""

import base64
import secrets
import subprocess

from microk8s import certificates, configurations, files, flags, join_url, joining, kubeconfigs, launch
from microk8s.paths import ARGUMENTS, CERTIFICATES, CREDENTIALS, KUBELET_ROOT, VOLUMES, WORKER


def prepare() -> None:
    """Prepares the node as a control plane or as a worker. The operator's file `.microk8s.yaml` decides which."""
    configuration = launch.read()
    prepare_node()
    if configuration.join_url is not None:
        joining.prepare(join_url.JoinUrl.parse(configuration.join_url), configuration.join_as_worker)
    elif not WORKER.exists():
        prepare_control_plane(configuration.extra_names)


def prepare_node() -> None:
    """Creates what every node needs, control plane or worker."""
    subprocess.run(["groupadd", "--system", "--force", "microk8s"], check=True)
    stop_debian_services()
    for folder in (ARGUMENTS, CREDENTIALS, KUBELET_ROOT, VOLUMES):
        folder.mkdir(parents=True, exist_ok=True)


def prepare_control_plane(extra_names: list[str]) -> None:
    """Creates the missing files of a control plane. Safe to run again after a kill at any point."""
    certificates.make_all(extra_names)
    kubeconfigs.write_all()
    write_encryption_key()
    configurations.write_all(CERTIFICATES / "kubelet.crt", CERTIFICATES / "kubelet.key")
    for program, lines in flags.control_plane().items():
        files.write_once(ARGUMENTS / program, "\n".join(lines) + "\n")


def stop_debian_services() -> None:
    """Stops the services containerd and etcd of the Debian packages. The node runs its own."""
    for service in ("containerd", "etcd"):
        subprocess.run(["systemctl", "disable", "--now", service], capture_output=True, stdin=subprocess.DEVNULL)


def write_encryption_key() -> None:
    """Creates the key that encrypts Secrets in etcd. It never leaves this node."""
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
