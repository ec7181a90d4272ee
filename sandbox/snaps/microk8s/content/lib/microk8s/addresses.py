"""The node's names and addresses."""

import json
import socket
import subprocess


def node_name() -> str:
    return socket.gethostname().lower()


def default_address() -> str:
    """The address of the interface with the default route. Finding it sends no packet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return probe.getsockname()[0]
        except OSError:
            return all_addresses()[0]


def all_addresses() -> list[str]:
    """Every IPv4 address of the machine's own interfaces, without those of pods."""
    links = json.loads(subprocess.check_output(["ip", "-json", "-4", "address", "show", "scope", "global"]))
    return [
        address["local"]
        for link in links
        if not link["ifname"].startswith(("veth", "cni"))
        for address in link.get("addr_info", [])
        if "local" in address
    ]


def nameservers() -> list[str]:
    """The machine's name servers without loopback addresses: in a pod, these would be addresses of the pod."""
    with open("/etc/resolv.conf", encoding="utf-8") as file:
        lines = [line.split() for line in file]
    return [
        line[1]
        for line in lines
        if len(line) > 1 and line[0] == "nameserver" and not line[1].startswith("127.") and line[1] != "::1"
    ]
