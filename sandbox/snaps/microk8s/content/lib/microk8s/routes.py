"""Routes to the pods of the cluster's other nodes, kept as the nodes come and go."""

import json
import subprocess
import time

from microk8s import addresses, api, joining
from microk8s.api import ADMINISTRATOR, Caller
from microk8s.errors import Refused
from microk8s.paths import WORKER

# Marks the routes that are ours; the kernel keeps the number with each.
PROTOCOL = "116"
SECONDS_BETWEEN = 5


def caller() -> Caller:
    return Caller(joining.control_plane(), certificate="worker") if WORKER.exists() else ADMINISTRATOR


def wanted() -> dict[str, str]:
    """The pods of every other node, and the address of the node that they are on."""
    nodes = (api.get("/api/v1/nodes", caller()) or {}).get("items", [])
    found = {}
    for node in nodes:
        own = [each["address"] for each in node["status"].get("addresses", []) if each["type"] == "InternalIP"]
        if node["metadata"]["name"] != addresses.node_name() and own and "podCIDR" in node["spec"]:
            found[node["spec"]["podCIDR"]] = own[0]
    return found


def present() -> dict[str, str]:
    told = subprocess.check_output(["ip", "-json", "-4", "route", "show", "proto", PROTOCOL])
    return {route["dst"]: route.get("gateway", "") for route in json.loads(told or "[]")}


def settle(target: dict[str, str], found: dict[str, str]) -> list[list[str]]:
    """The `ip route` commands that bring the routes that are there to those that are wanted.

    >>> settle({"10.1.1.0/24": "172.30.0.3"}, {"10.1.2.0/24": "172.30.0.4"})
    [['replace', '10.1.1.0/24', 'via', '172.30.0.3', 'proto', '116'], ['delete', '10.1.2.0/24', 'proto', '116']]
    """
    add = [
        ["replace", pods, "via", node, "proto", PROTOCOL] for pods, node in target.items() if found.get(pods) != node
    ]
    return add + [["delete", pods, "proto", PROTOCOL] for pods in found if pods not in target]


def keep() -> None:
    """Goes on for ever; an API server that does not answer leaves the routes as they are."""
    while True:
        try:
            for command in settle(wanted(), present()):
                subprocess.run(["ip", "route", *command], check=True)
        except (OSError, Refused, subprocess.CalledProcessError) as error:
            print(f"routes stay as they are: {error}", flush=True)
        time.sleep(SECONDS_BETWEEN)


def remove_all() -> None:
    for command in settle({}, present()):
        subprocess.run(["ip", "route", *command], check=False)
