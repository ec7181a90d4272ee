"""Options of addons: `enable NAME:OPTION` and `enable NAME --flag value`, refused by name when unknown."""

import ipaddress

from microk8s import addresses
from microk8s.errors import Refused
from microk8s.paths import API_PORT, CLUSTER_DOMAIN, DNS_ADDRESS, VOLUMES

CERTIFICATE_FLAG = "--default-ssl-certificate"


def parameters_of(addon: str, options: list[str]) -> dict[str, str]:
    """What is put into an addon's manifests for `__NAME__`."""
    general = {
        "NODE_ADDRESS": addresses.default_address(),
        "API_PORT": str(API_PORT),
        "DNS_ADDRESS": DNS_ADDRESS,
        "CLUSTER_DOMAIN": CLUSTER_DOMAIN,
        "VOLUMES": str(VOLUMES),
    }
    if addon == "dns":
        return general | {"FORWARD": forward(options)}
    if addon == "ingress":
        return general | {"DEFAULT_CERTIFICATE": default_certificate(options)}
    if options:
        raise Refused(f"Addon {addon} does not take the option {options[0]}")
    return general


def forward(options: list[str]) -> str:
    """The line of the Corefile that sends other names on: to the given servers, else to the machine's own."""
    given = [server for option in options for server in option.split(",")]
    for server in given:
        try:
            ipaddress.ip_address(server)
        except ValueError as error:
            raise Refused(f"Your input value ({server}) is not a valid and reachable IP address") from error
    if given:
        return f"forward . {' '.join(given)}"
    return "forward . /etc/resolv.conf" if addresses.nameservers() else "# this machine has no nameserver"


def default_certificate(options: list[str]) -> str:
    """The TLSStore that names the certificate of hosts without one of their own; nothing when not asked for."""
    words = [word for option in options for word in option.replace("=", " ", 1).split()]
    if not words:
        return ""
    if words[0] not in (CERTIFICATE_FLAG, CERTIFICATE_FLAG.lstrip("-")):
        raise Refused(f"Invalid option {words[0]}: addon ingress takes {CERTIFICATE_FLAG} NAMESPACE/NAME")
    namespace, slash, name = words[1].partition("/") if len(words) == 2 else ("", "", "")
    if not (namespace and slash and name) or "/" in name:
        raise Refused(f"Invalid value for {CERTIFICATE_FLAG}; expected NAMESPACE/NAME")
    return f"""
---
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata:
  name: default
  namespace: {namespace}
spec:
  defaultCertificate:
    secretName: {name}
"""
