"""The commands about the cluster's nodes: add-node, join, leave, remove-node."""

import argparse

from microk8s import addresses, api, containers, installation, invitation, joining, network, services
from microk8s.api import Caller
from microk8s.checks import parser, require_control_plane, require_root, require_running
from microk8s.errors import Refused
from microk8s.paths import WORKER

SECONDS_TO_JOIN = 180


def add_node(words: list[str]) -> int:
    line = parser("add-node", "Produce a connection string for a node to join the cluster.")
    line.add_argument("-l", "--token-ttl", type=int, default=-1, help="seconds until the token ends (default: a day)")
    line.add_argument("-t", "--token", help="the token to add, 32 characters long; made up when not given")
    line.add_argument("--format", default="pretty", choices=invitation.FORMATS)
    asked = line.parse_args(words)
    require_root()
    require_control_plane()
    require_running()
    print(invitation.text(invitation.create(asked.token, asked.token_ttl), asked.format))
    return 0


def is_ready_worker() -> bool:
    """Whether the cluster says that this node is Ready."""
    caller = Caller(joining.control_plane(), certificate="worker")
    try:
        node = api.get(f"/api/v1/nodes/{addresses.node_name()}", caller)
    except OSError:
        return False
    conditions = node["status"].get("conditions", []) if node else []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def join(words: list[str]) -> int:
    line = parser("join", "Join the cluster of another machine.")
    line.add_argument("connection", help="ADDRESS:PORT/TOKEN/CHECK, as add-node prints it")
    line.add_argument("--worker", action="store_true", help="join as a worker, without a control plane")
    line.add_argument("--skip-verify", action="store_true", help=argparse.SUPPRESS)
    asked = line.parse_args(words)
    require_root()
    if asked.skip_verify:
        raise Refused("--skip-verify is not supported: a cluster is joined only when it is the one of the invitation")
    told = invitation.Invitation.parse(asked.connection)
    if WORKER.exists() and joining.control_plane() != told.address:
        raise Refused(f"This machine belongs to the cluster of {joining.control_plane()} already: leave it first.")
    joining.verify(told, asked.worker)
    if not WORKER.exists():
        stop_everything()
    joining.prepare(told, asked.worker)
    services.systemctl("start", services.own())
    if not api.wait_until(is_ready_worker, SECONDS_TO_JOIN):
        raise Refused(f"this node is not Ready in the cluster of {told.address} after {SECONDS_TO_JOIN} s")
    print("Successfully joined the cluster.")
    return 0


def stop_everything() -> None:
    services.systemctl("stop", [*reversed(services.NODE), *reversed(services.CONTROL_PLANE)])
    containers.end_all()
    network.clean()


def leave(words: list[str]) -> int:
    """Leaves the cluster: this machine is a cluster of its own again, an empty one."""
    parser("leave", "Leave the cluster and become one of its own again.").parse_args(words)
    require_root()
    if not WORKER.exists():
        raise Refused("This node does not belong to the cluster of another machine.")
    stop_everything()
    joining.forget_own_cluster()
    WORKER.unlink()
    installation.make_common_things()
    installation.prepare_control_plane([])
    services.systemctl("start", services.own())
    print("This node is a cluster of its own again.")
    return 0


def remove_node(words: list[str]) -> int:
    line = parser("remove-node", "Remove a node from the cluster.")
    line.add_argument("node")
    line.add_argument("-f", "--force", action="store_true", help="also when the node has not left by itself")
    asked = line.parse_args(words)
    require_root()
    require_control_plane()
    require_running()
    path = f"/api/v1/nodes/{asked.node}"
    node = api.get(path)
    if node is None:
        raise Refused(f"Node {asked.node} does not exist in this cluster.")
    if asked.node == addresses.node_name():
        raise Refused("This node is the control plane: it cannot be removed from its own cluster.")
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in node["status"]["conditions"])
    if ready and not asked.force:
        raise Refused(f"Node {asked.node} is still running: run `microk8s leave` there first, or repeat with --force.")
    api.change("DELETE", path)
    print(f"Node {asked.node} has been removed.")
    return 0
