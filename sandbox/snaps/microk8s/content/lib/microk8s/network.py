"""Removes everything that the node's programs have added to the network of the machine.

kube-proxy and kube-router do not clean up: old rules would apply to another cluster or to new addresses of pods.
"""

import os
import shlex
import subprocess

from microk8s import routes
from microk8s.paths import TOOLS

# Prefixes of our chains in the output of iptables-save: from the port-mapping plugin, kube-router and the kubelet.
OUR_CHAINS = (":CNI-", ":KUBE-")
TABLES = [("ip", "microk8s"), ("ip", "kube-proxy"), ("ip6", "kube-proxy")]


def clean() -> None:
    """Removes packet filters, NAT rules, address sets and the routes to pods of other nodes."""
    for family, table in TABLES:
        subprocess.run(["nft", "delete", "table", family, table], capture_output=True)
    remove_chains()
    remove_address_sets()
    routes.remove_all()


def remove_chains() -> None:
    """Removes our chains, and every rule that jumps to one of them."""
    for program in ("iptables", "ip6tables"):
        for table in ("nat", "filter", "mangle"):
            command = [program, "--wait", "--table", table]
            save = [f"{program}-save", "--table", table]
            saved = subprocess.run(save, capture_output=True, text=True).stdout.splitlines()
            for rule in rules_to_remove(saved):
                subprocess.run([*command, "--delete", *rule[1:]], capture_output=True)
            chains = [line.split()[0].removeprefix(":") for line in saved if line.startswith(OUR_CHAINS)]
            for action in ("--flush", "--delete-chain"):
                for chain in chains:
                    subprocess.run([*command, action, chain], capture_output=True)


def rules_to_remove(saved: list[str]) -> list[list[str]]:
    """The rules in other chains that jump to one of our chains, each split into its arguments.

    >>> rules_to_remove([":CNI-DN-1 - [0:0]", "-A PREROUTING -j CNI-DN-1", "-A CNI-DN-1 -j RETURN"])
    [['-A', 'PREROUTING', '-j', 'CNI-DN-1']]
    """
    ours = tuple(prefix.removeprefix(":") for prefix in OUR_CHAINS)
    rules = [shlex.split(line) for line in saved if line.startswith("-A ")]
    return [rule for rule in rules if not rule[1].startswith(ours) and rule[-1].startswith(ours)]


def remove_address_sets() -> None:
    """Removes the address sets of the firewall. No rule uses them any more."""
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{TOOLS}/lib"}
    ipset = str(TOOLS / "bin/ipset")
    names = subprocess.run([ipset, "list", "-name"], env=environment, capture_output=True, text=True).stdout.split()
    for name in names:
        if name.startswith(("KUBE-", "kube-router-", "inet6:")):
            subprocess.run([ipset, "destroy", name], env=environment, capture_output=True)
