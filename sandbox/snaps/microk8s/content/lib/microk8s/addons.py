"""The addons: what each one is, applied by `enable`, removed by `disable`, both as often as one likes."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from microk8s import api, rbac
from microk8s.errors import Refused
from microk8s.options import parameters_of
from microk8s.paths import CREDENTIALS, SNAP

FOLDER = SNAP / "addons"
SECONDS_TO_BE_READY = 180


@dataclass(frozen=True)
class Addon:
    """What `addon.json` says of an addon."""

    name: str
    description: str
    version: str
    # An object of the API server that is there exactly when the addon is enabled; none for `rbac`.
    check: str | None
    # Files in the addon's folder, in the order in which they are applied.
    manifests: list[str]
    # `deployment/NAME` or `daemonset/NAME` in this namespace: enabled means that they are rolled out.
    namespace: str
    workloads: list[str]
    # A file that the API server accepts, in a dry run, once the addon's webhook works.
    probe: str | None
    # Paths of objects that a manifest does not name but the addon makes.
    leftovers: list[str]


def load(folder: Path) -> Addon:
    told = json.loads((folder / "addon.json").read_text())
    return Addon(
        name=folder.name,
        description=told["description"],
        version=told["version"],
        check=told.get("check"),
        manifests=told.get("manifests", []),
        namespace=told.get("namespace", "kube-system"),
        workloads=told.get("workloads", []),
        probe=told.get("probe"),
        leftovers=told.get("leftovers", []),
    )


def catalogue() -> list[Addon]:
    """Every addon by name."""
    return [load(file.parent) for file in sorted(FOLDER.glob("*/addon.json"))]


def find(name: str) -> Addon:
    """The addon that `NAME` or `core/NAME` names."""
    repository, _, short = name.rpartition("/")
    if repository not in ("", "core"):
        raise Refused(f"Addon repository {repository} was not found")
    for addon in catalogue():
        if addon.name == short:
            return addon
    raise Refused(f"Addon {name} was not found in any repository")


def is_enabled(addon: Addon) -> bool:
    if addon.check is None:
        return rbac.is_enabled()
    return api.get(addon.check) is not None


def text_of(addon: Addon, manifest: str, parameters: dict[str, str]) -> str:
    """A manifest with its parameters put in."""
    text = (FOLDER / addon.name / manifest).read_text()
    for name, value in parameters.items():
        text = text.replace(f"__{name}__", value)
    return text


def kubectl(*words: str, text: str | None = None, may_fail: bool = False) -> bool:
    """Runs the real kubectl as the administrator; its complaint ends the command unless it may fail."""
    command = [str(SNAP / "kubernetes/kubectl"), f"--kubeconfig={CREDENTIALS}/client.config", *words]
    ended = subprocess.run(command, input=text, capture_output=True, text=True)
    if ended.returncode != 0 and not may_fail:
        raise Refused(f"kubectl {' '.join(words)} failed: {ended.stderr.strip()}")
    return ended.returncode == 0


def apply(addon: Addon, options: list[str]) -> None:
    """Applies an addon's manifests; `wait_for` tells when it works."""
    parameters = parameters_of(addon.name, options)
    if addon.check is None:
        rbac.enable()
        return
    for manifest in addon.manifests:
        text = text_of(addon, manifest, parameters)
        kubectl("apply", "--server-side", "--force-conflicts", "--filename=-", text=text)


def wait_for(addon: Addon) -> None:
    """Waits until everything of an addon is rolled out and its webhook answers."""
    for workload in addon.workloads:
        limit = f"--timeout={SECONDS_TO_BE_READY}s"
        kubectl("rollout", "status", workload, f"--namespace={addon.namespace}", limit)
    if addon.probe is not None:
        text = (FOLDER / addon.name / addon.probe).read_text()
        if not api.wait_until(
            lambda: kubectl("apply", "--dry-run=server", "--filename=-", text=text, may_fail=True), 60, pause=0.5
        ):
            raise Refused(f"the webhook of addon {addon.name} does not answer")


def remove(addon: Addon) -> None:
    """Removes what `apply` made; namespaces and definitions go with everything in them."""
    if addon.check is None:
        rbac.disable()
        return
    for manifest in reversed(addon.manifests):
        text = text_of(addon, manifest, parameters_of(addon.name, []))
        kubectl("delete", "--ignore-not-found", "--wait=true", "--filename=-", text=text)
    for path in addon.leftovers:
        api.change("DELETE", path)
