"""`microk8s status`: the state of the node and of the addons."""

from microk8s import addons, api, images
from microk8s.addresses import node_name

NOT_RUNNING = "microk8s is not running. Use microk8s inspect for a deeper inspection."
FORMATS = ("pretty", "yaml", "short")


def node_is_ready() -> bool:
    """Whether this node is Ready and the Service of the API server exists."""
    node = api.get(f"/api/v1/nodes/{node_name()}")
    conditions = node["status"].get("conditions", []) if node else []
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and api.get("/api/v1/namespaces/default/services/kubernetes") is not None


def is_ready() -> bool:
    """Ready also means that all images are imported, so new pods do not wait for them."""
    try:
        return api.is_ready() and node_is_ready() and not images.missing()
    except OSError:
        return False


def why_not_ready() -> str:
    """The first reason why the node is not ready, as a message for the operator."""
    try:
        if not api.is_ready():
            return "the API server does not answer"
        if not node_is_ready():
            return f"node {node_name()} is not Ready"
        waiting = [image["reference"] for image in images.missing()]
        return f"images are being imported: {', '.join(waiting)}" if waiting else "nothing"
    except OSError as error:
        return f"the API server stopped answering: {error}"


def lines(output_format: str, ready: bool) -> list[str]:
    """The output, in one of MicroK8s' formats."""
    if not ready:
        yaml = ["microk8s:", "  running: False", f"  message: {NOT_RUNNING}"]
        return yaml if output_format == "yaml" else [NOT_RUNNING]
    states = [(addon, "enabled" if addons.is_enabled(addon) else "disabled") for addon in addons.catalogue()]
    return {"yaml": yaml_lines, "short": short_lines, "pretty": pretty_lines}[output_format](states)


def yaml_lines(states: list[tuple[addons.Addon, str]]) -> list[str]:
    head = ["microk8s:", "  running: True", "high-availability:", "  enabled: False", "  nodes:"]
    head += ["  - address: 127.0.0.1:12379", "    role: datastore", "addons:"]
    return head + [
        line
        for addon, state in states
        for line in (
            f"  - name: {addon.name}",
            f"    description: {addon.description}",
            f"    version: {addon.version}",
            f"    status: {state}",
        )
    ]


def short_lines(states: list[tuple[addons.Addon, str]]) -> list[str]:
    return ["microk8s is running", "addons:", *(f"core/{addon.name}: {state}" for addon, state in states)]


def pretty_lines(states: list[tuple[addons.Addon, str]]) -> list[str]:
    head = ["microk8s is running", "high-availability: no", "  datastore master nodes: 127.0.0.1:12379"]
    rows = ["  datastore standby nodes: none", "addons:"]
    for wanted in ("enabled", "disabled"):
        rows.append(f"  {wanted}:")
        rows += [f"    {addon.name:<20} # (core) {addon.description}" for addon, state in states if state == wanted]
    return head + rows
