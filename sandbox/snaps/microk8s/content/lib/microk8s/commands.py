"""The commands of `microk8s`. Unknown commands and flags are refused by their names."""

import os
import subprocess
import sys
from collections.abc import Callable

from microk8s import addons, addresses, api, containers, inspection, kubeconfigs, network, nodes, services, status
from microk8s.checks import (
    create_parser,
    kubeconfig,
    require_control_plane,
    require_permission,
    require_root,
    require_running,
)
from microk8s.errors import CommandError
from microk8s.paths import CONTAINERD_SOCKET, SNAP, STOPPED, WORKER


def show_status(args: list[str]) -> int:
    """Like in MicroK8s, the exit code is 0 even when the node does not run. It is 1 when --wait-ready times out."""
    parser = create_parser("status", "Microk8s cluster status check.")
    parser.add_argument("--format", default="pretty", choices=status.FORMATS)
    parser.add_argument("-w", "--wait-ready", action="store_true", help="wait until the cluster is in ready state")
    parser.add_argument("-t", "--timeout", type=int, default=0, help="longest wait in seconds; 0: no limit")
    parser.add_argument("-a", "--addon", default="all", help="check the status of one addon")
    parser.add_argument("--yaml", action="store_true", help="DEPRECATED, use '--format yaml' instead")
    options = parser.parse_args(args)
    require_permission()
    require_control_plane()
    ready = not STOPPED.exists() and (
        api.wait_until(status.is_ready, options.timeout) if options.wait_ready else status.is_ready()
    )
    if options.addon != "all" and ready:
        print("enabled" if addons.is_enabled(addons.find(options.addon)) else "disabled")
        return 0
    print("\n".join(status.lines("yaml" if options.yaml else options.format, ready)))
    if options.wait_ready and not ready:
        print(f"not ready after {options.timeout} s: {status.why_not_ready()}", file=sys.stderr)
        return 1
    return 0


def show_config(args: list[str]) -> int:
    parser = create_parser("config", "Print the kubeconfig of the administrator.")
    parser.add_argument("-l", "--use-loopback", action="store_true", help="report the loopback address")
    options = parser.parse_args(args)
    require_permission()
    require_control_plane()
    address = "127.0.0.1" if options.use_loopback else addresses.default_address()
    print(kubeconfigs.administrator(address), end="")
    return 0


def chosen_addons(args: list[str]) -> list[tuple[addons.Addon, list[str]]]:
    """Reads `dns:1.1.1.1 rbac` (several addons) or `ingress --flag value` (one addon with its options)."""
    first, *rest = args
    name, _, inline = first.partition(":")
    if rest and rest[0].startswith("-"):
        if inline:
            raise CommandError("Can't pass string arguments and flag arguments simultaneously!")
        return [(addons.find(name), rest)]
    pairs = [arg.partition(":") for arg in args]
    return [(addons.find(name), [inline] if inline else []) for name, _, inline in pairs]


def enable(args: list[str]) -> int:
    """Applies all addons first and then waits for all of them, so that they start in parallel."""
    if not args or args[0] in ("-h", "--help"):
        print("Usage: microk8s enable ADDON[:ARGUMENT]...\n\nAddons:")
        print("\n".join(f"  {addon.name:<20} {addon.description}" for addon in addons.catalogue()))
        return 0 if args else 1
    chosen = chosen_addons(args)
    require_permission()
    require_control_plane()
    require_running()
    if not api.wait_until(status.is_ready, 120):
        raise CommandError(f"microk8s is not ready: {status.why_not_ready()}")
    if any(addon.name == "rbac" for addon, _ in chosen):
        require_root()
    for addon, options in sorted(chosen, key=lambda pair: pair[0].check is not None):
        print(f"Enabling {addon.description}", flush=True)
        addons.apply(addon, options)
    for addon, _ in chosen:
        addons.wait_for(addon)
        print(f"Addon core/{addon.name} is enabled", flush=True)
    return 0


def disable(args: list[str]) -> int:
    if not args or args[0] in ("-h", "--help"):
        print("Usage: microk8s disable ADDON...")
        return 0 if args else 1
    chosen = chosen_addons(args)
    require_permission()
    require_control_plane()
    require_running()
    for addon, options in chosen:
        if options:
            raise CommandError(f"disable {addon.name} does not take the option {options[0]}")
        if addons.is_enabled(addon):
            print(f"Disabling {addon.description}", flush=True)
            addons.remove(addon)
            print(f"Addon core/{addon.name} is disabled", flush=True)
        else:
            print(f"Addon core/{addon.name} is already disabled")
    return 0


def kubectl(args: list[str]) -> int:
    """Like in MicroK8s, it prints a message on a worker and returns exit code 0."""
    if WORKER.exists():
        message = "This MicroK8s deployment is acting as a node in a cluster."
        print(f"{message} Please use the microk8s kubectl on the master.")
        return 0
    require_permission()
    program = str(SNAP / "kubernetes/kubectl")
    os.execv(program, [program, f"--kubeconfig={kubeconfig()}", *args])


def ctr(args: list[str]) -> int:
    require_root()
    program = ["ctr", "--address", str(CONTAINERD_SOCKET), "--namespace", "k8s.io"]
    return subprocess.run([*program, *args]).returncode


def start(args: list[str]) -> int:
    create_parser("start", "Start the node.").parse_args(args)
    require_root()
    STOPPED.unlink(missing_ok=True)
    services.systemctl("enable", services.own())
    services.systemctl("start", services.own())
    print("Started.")
    return 0


def stop(args: list[str]) -> int:
    """Stops the node and its pods. They stay stopped after a restart of the machine."""
    parser = create_parser("stop", "Stop the node.")
    parser.add_argument("--force", action="store_true", help="accepted as in MicroK8s; has no effect")
    parser.parse_args(args)
    require_root()
    STOPPED.parent.mkdir(parents=True, exist_ok=True)
    STOPPED.touch()
    services.systemctl("disable", services.own())
    services.systemctl("stop", list(reversed(services.own())))
    containers.stop_all()
    network.clean()
    print("Stopped.")
    return 0


def version(args: list[str]) -> int:
    create_parser("version", "Print the version.").parse_args(args)
    program = [str(SNAP / "kubernetes/kubelet"), "--version"]
    kubernetes = subprocess.check_output(program, text=True).split()[-1]
    print(f"MicroK8s {kubernetes} revision {os.environ.get('SNAP_REVISION', 'unknown')}")
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


def main(args: list[str]) -> int:
    """Runs one command and returns its exit code."""
    if not args or args[0] in ("help", "--help", "-h"):
        print(usage())
        return 0 if args else 1
    name, *rest = args
    try:
        if name not in COMMANDS:
            raise CommandError(f"'{name}' is not a valid MicroK8s subcommand.\n{usage()}")
        return COMMANDS[name](rest)
    except CommandError as error:
        print(error, file=sys.stderr)
        return error.exit_code
