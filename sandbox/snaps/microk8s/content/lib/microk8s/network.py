"""Everything that the node's programs put into the machine's network, taken away at once.

kube-proxy and kube-router do not expect what they left in another cluster, or before the pods' addresses began anew.
"""

import os
import shlex
import subprocess

from microk8s import routes
from microk8s.paths import TOOLS

# How iptables-save names a chain: those of the port-mapping plugin, of kube-router and of the kubelet.
OUR_CHAINS = (":CNI-", ":KUBE-")
TABLES = [("ip", "microk8s"), ("ip", "kube-proxy"), ("ip6", "kube-proxy")]


def clean() -> None:
    """Removes packet filters, address translations, sets of addresses and routes to other nodes' pods."""
    for family, table in TABLES:
        subprocess.run(["nft", "delete", "table", family, table], capture_output=True)
    remove_chains()
    remove_address_sets()
    routes.remove_all()


def remove_chains() -> None:
    """Removes our chains, and every rule that leads to one."""
    for program in ("iptables", "ip6tables"):
        for table in ("nat", "filter", "mangle"):
            command = [program, "--wait", "--table", table]
            save = [f"{program}-save", "--table", table]
            told = subprocess.run(save, capture_output=True, text=True).stdout.splitlines()
            for line in rules_to_remove(told):
                subprocess.run([*command, "--delete", *line[1:]], capture_output=True)
            chains = [line.split()[0].removeprefix(":") for line in told if line.startswith(OUR_CHAINS)]
            for action in ("--flush", "--delete-chain"):
                for chain in chains:
                    subprocess.run([*command, action, chain], capture_output=True)


def rules_to_remove(saved: list[str]) -> list[list[str]]:
    """The words of the rules in chains of others that lead to a chain of ours.

    >>> rules_to_remove([":CNI-DN-1 - [0:0]", "-A PREROUTING -j CNI-DN-1", "-A CNI-DN-1 -j RETURN"])
    [['-A', 'PREROUTING', '-j', 'CNI-DN-1']]
    """
    ours = tuple(prefix.removeprefix(":") for prefix in OUR_CHAINS)
    rules = [shlex.split(line) for line in saved if line.startswith("-A ")]
    return [rule for rule in rules if not rule[1].startswith(ours) and rule[-1].startswith(ours)]


def remove_address_sets() -> None:
    """Removes the firewall's sets of addresses, which nothing refers to any more."""
    environment = {**os.environ, "LD_LIBRARY_PATH": f"{TOOLS}/lib"}
    ipset = str(TOOLS / "bin/ipset")
    told = subprocess.run([ipset, "list", "-name"], env=environment, capture_output=True, text=True).stdout.split()
    for name in told:
        if name.startswith(("KUBE-", "kube-router-", "inet6:")):
            subprocess.run([ipset, "destroy", name], env=environment, capture_output=True)
