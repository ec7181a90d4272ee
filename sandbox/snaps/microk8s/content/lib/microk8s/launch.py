"""The launch configuration, `.microk8s.yaml`: what an operator lays down before the snap is installed."""

import sys
from dataclasses import dataclass, field

from microk8s.errors import Refused
from microk8s.paths import COMMON, TOOLS

FILE = COMMON / ".microk8s.yaml"
KNOWN = {"version", "extraSANs", "join"}
KNOWN_JOIN = {"url", "worker"}
VERSIONS = ("0.1.0", "0.2.0")


@dataclass(frozen=True)
class Launch:
    """The parts of a launch configuration that this node follows; any other part is refused by name."""

    # Further names and addresses in the certificate of the API server.
    extra_names: list[str] = field(default_factory=list)
    # ADDRESS:PORT/TOKEN/CHECK of the cluster that this node joins while it is installed.
    join_url: str | None = None
    join_as_worker: bool = False


def refuse_unknown(told: dict, known: set[str], where: str) -> None:
    for key in told:
        if key not in known:
            raise Refused(f"{FILE}: {where}{key} is not supported; known are {', '.join(sorted(known))}")


def read() -> Launch:
    """The launch configuration; an empty one when there is no file."""
    if not FILE.exists():
        return Launch()
    sys.path.append(str(TOOLS / "python"))
    import yaml

    try:
        told = yaml.safe_load(FILE.read_text()) or {}
    except yaml.YAMLError as error:
        raise Refused(f"{FILE} is not YAML: {error}") from error
    if not isinstance(told, dict):
        raise Refused(f"{FILE} is not a map of settings")
    refuse_unknown(told, KNOWN, "")
    if told.get("version", VERSIONS[-1]) not in VERSIONS:
        raise Refused(f"{FILE}: version {told['version']} is not supported; known are {', '.join(VERSIONS)}")
    join = told.get("join") or {}
    refuse_unknown(join, KNOWN_JOIN, "join.")
    return Launch(list(told.get("extraSANs") or []), join.get("url"), bool(join.get("worker", False)))
