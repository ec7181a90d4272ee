"""The commands of `microk8s`: known by name, with known flags, or refused by name."""

import os
import subprocess
import sys
from collections.abc import Callable

from microk8s import addons, addresses, api, containers, inspection, kubeconfigs, network, nodes, services, status
from microk8s.checks import (
    kubeconfig,
    parser,
    require_control_plane,
    require_permission,
    require_root,
    require_running,
)
from microk8s.errors import Refused
from microk8s.paths import CONTAINERD_SOCKET, SNAP, STOPPED, WORKER


def show_status(words: list[str]) -> int:
    """Exit code 0 even when the node is not running, as in MicroK8s; 1 when waiting for it was in vain."""
    line = parser("status", "Microk8s cluster status check.")
    line.add_argument("--format", default="pretty", choices=status.FORMATS)
    line.add_argument("-w", "--wait-ready", action="store_true", help="wait until the cluster is in ready state")
    line.add_argument("-t", "--timeout", type=int, default=0, help="seconds to wait at most; 0 waits for ever")
    line.add_argument("-a", "--addon", default="all", help="check the status of one addon")
    line.add_argument("--yaml", action="store_true", help="DEPRECATED, use '--format yaml' instead")
    asked = line.parse_args(words)
    require_permission()
    require_control_plane()
    ready = not STOPPED.exists() and (
        api.wait_until(status.is_ready, asked.timeout) if asked.wait_ready else status.is_ready()
    )
    if asked.addon != "all" and ready:
        print("enabled" if addons.is_enabled(addons.find(asked.addon)) else "disabled")
        return 0
    print("\n".join(status.lines("yaml" if asked.yaml else asked.format, ready)))
    if asked.wait_ready and not ready:
        print(f"not ready after {asked.timeout} s: {status.why_not_ready()}", file=sys.stderr)
        return 1
    return 0


def show_config(words: list[str]) -> int:
    line = parser("config", "Print the kubeconfig of the administrator.")
    line.add_argument("-l", "--use-loopback", action="store_true", help="report the loopback address")
    asked = line.parse_args(words)
    require_permission()
    require_control_plane()
    print(kubeconfigs.for_others("127.0.0.1" if asked.use_loopback else addresses.default_address()), end="")
    return 0


def chosen_addons(words: list[str]) -> list[tuple[addons.Addon, list[str]]]:
    """`dns:1.1.1.1 rbac` names several addons, `ingress --flag value` one with its options."""
    first, *rest = words
    name, _, inline = first.partition(":")
    if rest and rest[0].startswith("-"):
        if inline:
            raise Refused("Can't pass string arguments and flag arguments simultaneously!")
        return [(addons.find(name), rest)]
    pairs = [word.partition(":") for word in words]
    return [(addons.find(name), [inline] if inline else []) for name, _, inline in pairs]


def enable(words: list[str]) -> int:
    """Applies all that is asked for, then waits for all: what can come up together does."""
    if not words or words[0] in ("-h", "--help"):
        print("Usage: microk8s enable ADDON[:ARGUMENT]...\n\nAddons:")
        print("\n".join(f"  {addon.name:<20} {addon.description}" for addon in addons.catalogue()))
        return 0 if words else 1
    chosen = chosen_addons(words)
    require_permission()
    require_control_plane()
    require_running()
    if not api.wait_until(status.is_ready, 120):
        raise Refused(f"microk8s is not ready: {status.why_not_ready()}")
    if any(addon.name == "rbac" for addon, _ in chosen):
        require_root()
    for addon, options in sorted(chosen, key=lambda pair: pair[0].check is not None):
        print(f"Enabling {addon.description}", flush=True)
        addons.apply(addon, options)
    for addon, _ in chosen:
        addons.wait_for(addon)
        print(f"Addon core/{addon.name} is enabled", flush=True)
    return 0


def disable(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help"):
        print("Usage: microk8s disable ADDON...")
        return 0 if words else 1
    chosen = chosen_addons(words)
    require_permission()
    require_control_plane()
    require_running()
    for addon, options in chosen:
        if options:
            raise Refused(f"disable {addon.name} does not take the option {options[0]}")
        if addons.is_enabled(addon):
            print(f"Disabling {addon.description}", flush=True)
            addons.remove(addon)
            print(f"Addon core/{addon.name} is disabled", flush=True)
        else:
            print(f"Addon core/{addon.name} is already disabled")
    return 0


def kubectl(words: list[str]) -> int:
    """On a worker it does nothing and says so with exit code 0, as in MicroK8s."""
    if WORKER.exists():
        print("This MicroK8s deployment is acting as a node in a cluster. Please use the microk8s kubectl on the master.")
        return 0
    require_permission()
    program = str(SNAP / "kubernetes/kubectl")
    os.execv(program, [program, f"--kubeconfig={kubeconfig()}", *words])


def ctr(words: list[str]) -> int:
    require_root()
    program = ["ctr", "--address", str(CONTAINERD_SOCKET), "--namespace", "k8s.io"]
    return subprocess.run([*program, *words]).returncode


def start(words: list[str]) -> int:
    parser("start", "Start the node.").parse_args(words)
    require_root()
    STOPPED.unlink(missing_ok=True)
    services.systemctl("enable", services.own())
    services.systemctl("start", services.own())
    print("Started.")
    return 0


def stop(words: list[str]) -> int:
    """Stops the node and everything in its pods, also for the next start of the machine."""
    line = parser("stop", "Stop the node.")
    line.add_argument("--force", action="store_true", help="accepted as in MicroK8s: stopping never waits for pods")
    line.parse_args(words)
    require_root()
    STOPPED.parent.mkdir(parents=True, exist_ok=True)
    STOPPED.touch()
    services.systemctl("disable", services.own())
    services.systemctl("stop", list(reversed(services.own())))
    containers.end_all()
    network.clean()
    print("Stopped.")
    return 0


def version(words: list[str]) -> int:
    parser("version", "Print the version.").parse_args(words)
    program = [str(SNAP / "kubernetes/kubelet"), "--version"]
    told = subprocess.check_output(program, text=True).split()[-1]
    print(f"MicroK8s {told} revision {os.environ.get('SNAP_REVISION', 'unknown')}")
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "add-node": nodes.add_node,
    "config": show_config,
    "ctr": ctr,
    "disable": disable,
    "enable": enable,
    "inspect": inspection.inspect,
    "join": nodes.join,
    "kubectl": kubectl,
    "leave": nodes.leave,
    "remove-node": nodes.remove_node,
    "start": start,
    "status": show_status,
    "stop": stop,
    "version": version,
}


def usage() -> str:
    names = "\n".join(f"\t{name}" for name in sorted(COMMANDS))
    return f"Available subcommands are:\n{names}"


def main(words: list[str]) -> int:
    """Runs one command and returns its exit code."""
    if not words or words[0] in ("help", "--help", "-h"):
        print(usage())
        return 0 if words else 1
    name, *rest = words
    try:
        if name not in COMMANDS:
            raise Refused(f"'{name}' is not a valid MicroK8s subcommand.\n{usage()}")
        return COMMANDS[name](rest)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return refused.exit_code
