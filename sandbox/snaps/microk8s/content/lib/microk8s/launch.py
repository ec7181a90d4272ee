"""The launch configuration `.microk8s.yaml`. An operator can write this file before the installation of the snap."""

import sys
from dataclasses import dataclass, field

from microk8s.errors import CommandError
from microk8s.paths import COMMON, TOOLS

FILE = COMMON / ".microk8s.yaml"
KNOWN = {"version", "extraSANs", "join"}
KNOWN_JOIN = {"url", "worker"}
VERSIONS = ("0.1.0", "0.2.0")


@dataclass(frozen=True)
class LaunchConfiguration:
    """The supported settings of a launch configuration. Other settings are refused by their names."""

    # More host names and addresses in the certificate of the API server.
    extra_names: list[str] = field(default_factory=list)
    # ADDRESS:PORT/TOKEN/CHECK of the cluster that this node joins during its installation.
    join_url: str | None = None
    join_as_worker: bool = False


def refuse_unknown(settings: dict, known: set[str], prefix: str) -> None:
    for key in settings:
        if key not in known:
            raise CommandError(f"{FILE}: {prefix}{key} is not supported; supported: {', '.join(sorted(known))}")


def read() -> LaunchConfiguration:
    """The launch configuration. Empty when there is no file."""
    if not FILE.exists():
        return LaunchConfiguration()
    sys.path.append(str(TOOLS / "python"))
    import yaml

    try:
        settings = yaml.safe_load(FILE.read_text()) or {}
    except yaml.YAMLError as error:
        raise CommandError(f"{FILE} is not YAML: {error}") from error
    if not isinstance(settings, dict):
        raise CommandError(f"{FILE} is not a map of settings")
    refuse_unknown(settings, KNOWN, "")
    if settings.get("version", VERSIONS[-1]) not in VERSIONS:
        raise CommandError(f"{FILE}: version {settings['version']} is not supported; supported: {', '.join(VERSIONS)}")
    join = settings.get("join") or {}
    refuse_unknown(join, KNOWN_JOIN, "join.")
    names = list(settings.get("extraSANs") or [])
    return LaunchConfiguration(names, join.get("url"), bool(join.get("worker", False)))
