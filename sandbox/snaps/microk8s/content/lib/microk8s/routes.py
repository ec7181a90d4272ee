"""Reconciles the routes to the pods of the other nodes."""

import json
import subprocess
import time

from microk8s import addresses, api, joining
from microk8s.api import ADMINISTRATOR, Caller
from microk8s.errors import CommandError
from microk8s.paths import WORKER

# The protocol number that marks our routes in the kernel.
PROTOCOL = "116"
SECONDS_BETWEEN = 5


def caller() -> Caller:
    return Caller(joining.control_plane(), certificate="worker") if WORKER.exists() else ADMINISTRATOR


def desired() -> dict[str, str]:
    """The address range of the pods on every other node, with the address of that node."""
    nodes = (api.get("/api/v1/nodes", caller()) or {}).get("items", [])
    found = {}
    for node in nodes:
        own = [each["address"] for each in node["status"].get("addresses", []) if each["type"] == "InternalIP"]
        if node["metadata"]["name"] != addresses.node_name() and own and "podCIDR" in node["spec"]:
            found[node["spec"]["podCIDR"]] = own[0]
    return found


def existing() -> dict[str, str]:
    output = subprocess.check_output(["ip", "-json", "-4", "route", "show", "proto", PROTOCOL])
    return {route["dst"]: route.get("gateway", "") for route in json.loads(output or "[]")}


def changes(target: dict[str, str], found: dict[str, str]) -> list[list[str]]:
    """The arguments of `ip route` that turn the routes in `found` into those in `target`.

    >>> changes({"10.1.1.0/24": "172.30.0.3"}, {"10.1.2.0/24": "172.30.0.4"})
    [['replace', '10.1.1.0/24', 'via', '172.30.0.3', 'proto', '116'], ['delete', '10.1.2.0/24', 'proto', '116']]
    """
    add = [
        ["replace", pods, "via", node, "proto", PROTOCOL] for pods, node in target.items() if found.get(pods) != node
    ]
    return add + [["delete", pods, "proto", PROTOCOL] for pods in found if pods not in target]


def reconcile_forever() -> None:
    """Never returns. The routes do not change while the API server does not answer."""
    while True:
        try:
            for command in changes(desired(), existing()):
                subprocess.run(["ip", "route", *command], check=True)
        except (OSError, CommandError, subprocess.CalledProcessError) as error:
            print(f"the routes were not updated: {error}", flush=True)
        time.sleep(SECONDS_BETWEEN)


def remove_all() -> None:
    for command in changes({}, existing()):
        subprocess.run(["ip", "route", *command], check=False)
