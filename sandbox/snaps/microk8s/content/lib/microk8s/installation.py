"""What the hooks of installation and refresh make: group, certificates, credentials, flags of every program."""

import base64
import secrets
import subprocess

from microk8s import certificates, configurations, files, flags, invitation, joining, kubeconfigs, launch
from microk8s.paths import ARGUMENTS, CERTIFICATES, CREDENTIALS, KUBELET_ROOT, VOLUMES, WORKER


def prepare() -> None:
    """What the hook does; whatever the operator laid down in `.microk8s.yaml` decides what this node becomes."""
    told = launch.read()
    make_common_things()
    if told.join_url is not None:
        joining.prepare(invitation.Invitation.parse(told.join_url), told.join_as_worker)
    elif not WORKER.exists():
        prepare_control_plane(told.extra_names)


def make_common_things() -> None:
    """What every node has, whatever its part in the cluster."""
    subprocess.run(["groupadd", "--system", "--force", "microk8s"], check=True)
    stop_debian_services()
    for folder in (ARGUMENTS, CREDENTIALS, KUBELET_ROOT, VOLUMES):
        folder.mkdir(parents=True, exist_ok=True)


def prepare_control_plane(extra_names: list[str]) -> None:
    """Makes everything that is not there yet; safe to run again after a kill at any point."""
    certificates.make_all(extra_names)
    kubeconfigs.write_all()
    write_encryption_key()
    configurations.write_all(CERTIFICATES / "kubelet.crt", CERTIFICATES / "kubelet.key")
    for program, lines in flags.control_plane().items():
        files.write_once(ARGUMENTS / program, "\n".join(lines) + "\n")


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
