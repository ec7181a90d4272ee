"""The commands for the nodes of the cluster: add-node, join, leave and remove-node."""

import argparse

from microk8s import addresses, api, containers, installation, join_url, joining, network, services
from microk8s.api import Caller
from microk8s.checks import create_parser, require_control_plane, require_root, require_running
from microk8s.errors import CommandError
from microk8s.paths import WORKER

SECONDS_TO_JOIN = 180


def add_node(args: list[str]) -> int:
    parser = create_parser("add-node", "Produce a connection string for a node to join the cluster.")
    parser.add_argument("-l", "--token-ttl", type=int, default=-1, help="lifetime in seconds (default: a day)")
    parser.add_argument("-t", "--token", help="the token, 32 characters (default: a random one)")
    parser.add_argument("--format", default="pretty", choices=join_url.FORMATS)
    options = parser.parse_args(args)
    require_root()
    require_control_plane()
    require_running()
    print(join_url.text(join_url.create(options.token, options.token_ttl), options.format))
    return 0


def is_ready_worker() -> bool:
    """Whether the cluster reports that this node is Ready."""
    caller = Caller(joining.control_plane(), certificate="worker")
    try:
        node = api.get(f"/api/v1/nodes/{addresses.node_name()}", caller)
    except OSError:
        return False
    conditions = node["status"].get("conditions", []) if node else []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def join(args: list[str]) -> int:
    parser = create_parser("join", "Join the cluster of another machine.")
    parser.add_argument("connection", help="ADDRESS:PORT/TOKEN/CHECK, as add-node prints it")
    parser.add_argument("--worker", action="store_true", help="join as a worker, without a control plane")
    parser.add_argument("--skip-verify", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(args)
    require_root()
    if options.skip_verify:
        raise CommandError("--skip-verify is not supported: this machine always verifies the cluster")
    url = join_url.JoinUrl.parse(options.connection)
    if WORKER.exists() and joining.control_plane() != url.address:
        raise CommandError(f"This machine already belongs to the cluster of {joining.control_plane()}: leave it first.")
    joining.verify(url, options.worker)
    if not WORKER.exists():
        stop_everything()
    joining.prepare(url, options.worker)
    services.systemctl("start", services.own())
    if not api.wait_until(is_ready_worker, SECONDS_TO_JOIN):
        raise CommandError(f"this node is not Ready in the cluster of {url.address} after {SECONDS_TO_JOIN} s")
    print("Successfully joined the cluster.")
    return 0


def stop_everything() -> None:
    services.systemctl("stop", [*reversed(services.NODE), *reversed(services.CONTROL_PLANE)])
    containers.stop_all()
    network.clean()


def leave(args: list[str]) -> int:
    """Leaves the cluster. This machine then has its own, empty cluster."""
    create_parser("leave", "Leave the cluster and start an own, empty cluster.").parse_args(args)
    require_root()
    if not WORKER.exists():
        raise CommandError("This node does not belong to the cluster of another machine.")
    stop_everything()
    joining.forget_own_cluster()
    WORKER.unlink()
    installation.prepare_node()
    installation.prepare_control_plane([])
    services.systemctl("start", services.own())
    print("This node has left the cluster and has its own cluster again.")
    return 0


def remove_node(args: list[str]) -> int:
    parser = create_parser("remove-node", "Remove a node from the cluster.")
    parser.add_argument("node")
    parser.add_argument("-f", "--force", action="store_true", help="remove a node that has not left")
    options = parser.parse_args(args)
    require_root()
    require_control_plane()
    require_running()
    path = f"/api/v1/nodes/{options.node}"
    node = api.get(path)
    if node is None:
        raise CommandError(f"Node {options.node} does not exist in this cluster.")
    if options.node == addresses.node_name():
        raise CommandError("This node is the control plane: it cannot be removed from its own cluster.")
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in node["status"]["conditions"])
    if ready and not options.force:
        message = f"Node {options.node} is still running: run `microk8s leave` there first, or repeat with --force."
        raise CommandError(message)
    api.change("DELETE", path)
    print(f"Node {options.node} has been removed.")
    return 0
