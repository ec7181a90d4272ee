"""The addons. `enable` applies them and `disable` removes them; both are safe to repeat."""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

from microk8s import api, rbac
from microk8s.errors import CommandError
from microk8s.options import parameters_of
from microk8s.paths import CREDENTIALS, SNAP

FOLDER = SNAP / "addons"
SECONDS_TO_BE_READY = 180


@dataclass(frozen=True)
class Addon:
    """The content of an `addon.json`."""

    name: str
    description: str
    version: str
    # API path of an object that exists only while the addon is enabled. None for `rbac`.
    check: str | None
    # Files in the addon's folder, in the order of their installation.
    manifests: list[str]
    # `deployment/NAME` or `daemonset/NAME` in this namespace. `enable` waits for their rollout.
    namespace: str
    workloads: list[str]
    # A manifest for a dry run. The API server accepts it as soon as the addon's webhook works.
    probe: str | None
    # API paths of objects that the addon creates at run time. They are in no manifest.
    leftovers: list[str]


def load(folder: Path) -> Addon:
    content = json.loads((folder / "addon.json").read_text())
    return Addon(
        name=folder.name,
        description=content["description"],
        version=content["version"],
        check=content.get("check"),
        manifests=content.get("manifests", []),
        namespace=content.get("namespace", "kube-system"),
        workloads=content.get("workloads", []),
        probe=content.get("probe"),
        leftovers=content.get("leftovers", []),
    )


def catalogue() -> list[Addon]:
    """Every addon, sorted by name."""
    return [load(file.parent) for file in sorted(FOLDER.glob("*/addon.json"))]


def find(name: str) -> Addon:
    """Finds an addon by `NAME` or `core/NAME`."""
    repository, _, short = name.rpartition("/")
    if repository not in ("", "core"):
        raise CommandError(f"Addon repository {repository} was not found")
    for addon in catalogue():
        if addon.name == short:
            return addon
    raise CommandError(f"Addon {name} was not found in any repository")


def is_enabled(addon: Addon) -> bool:
    if addon.check is None:
        return rbac.is_enabled()
    return api.get(addon.check) is not None


def text_of(addon: Addon, manifest: str, parameters: dict[str, str]) -> str:
    """The text of a manifest with its parameters filled in."""
    text = (FOLDER / addon.name / manifest).read_text()
    for name, value in parameters.items():
        text = text.replace(f"__{name}__", value)
    return text


def kubectl(*args: str, text: str | None = None, may_fail: bool = False) -> bool:
    """Runs kubectl as the administrator. Returns whether it succeeded; raises CommandError unless it may fail."""
    command = [str(SNAP / "kubernetes/kubectl"), f"--kubeconfig={CREDENTIALS}/client.config", *args]
    result = subprocess.run(command, input=text, capture_output=True, text=True)
    if result.returncode != 0 and not may_fail:
        raise CommandError(f"kubectl {' '.join(args)} failed: {result.stderr.strip()}")
    return result.returncode == 0


def apply(addon: Addon, options: list[str]) -> None:
    """Applies the manifests of an addon. `wait_for` then waits until it works."""
    parameters = parameters_of(addon.name, options)
    if addon.check is None:
        rbac.enable()
        return
    for manifest in addon.manifests:
        text = text_of(addon, manifest, parameters)
        kubectl("apply", "--server-side", "--force-conflicts", "--filename=-", text=text)


def wait_for(addon: Addon) -> None:
    """Waits until the workloads of an addon are rolled out and its webhook answers."""
    for workload in addon.workloads:
        limit = f"--timeout={SECONDS_TO_BE_READY}s"
        kubectl("rollout", "status", workload, f"--namespace={addon.namespace}", limit)
    if addon.probe is not None:
        text = (FOLDER / addon.name / addon.probe).read_text()
        if not api.wait_until(
            lambda: kubectl("apply", "--dry-run=server", "--filename=-", text=text, may_fail=True), 60, pause=0.5
        ):
            raise CommandError(f"the webhook of addon {addon.name} does not answer")


def remove(addon: Addon) -> None:
    """Removes all objects of an addon. Kubernetes also deletes everything in its namespaces and of its own kinds."""
    if addon.check is None:
        rbac.disable()
        return
    for manifest in reversed(addon.manifests):
        text = text_of(addon, manifest, parameters_of(addon.name, []))
        kubectl("delete", "--ignore-not-found", "--wait=true", "--filename=-", text=text)
    for path in addon.leftovers:
        api.change("DELETE", path)
