"""The options of addons: `enable NAME:OPTION` and `enable NAME --flag value`. Unknown options are refused."""

import ipaddress

from microk8s import addresses
from microk8s.errors import CommandError
from microk8s.paths import API_PORT, CLUSTER_DOMAIN, DNS_ADDRESS, VOLUMES

CERTIFICATE_FLAG = "--default-ssl-certificate"


def parameters_of(addon: str, options: list[str]) -> dict[str, str]:
    """The values for the placeholders `__NAME__` in an addon's manifests."""
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
        raise CommandError(f"Addon {addon} does not take the option {options[0]}")
    return general


def forward(options: list[str]) -> str:
    """The line of the Corefile for names outside the cluster. The default are the machine's name servers."""
    given = [server for option in options for server in option.split(",")]
    for server in given:
        try:
            ipaddress.ip_address(server)
        except ValueError as error:
            raise CommandError(f"Your input value ({server}) is not a valid and reachable IP address") from error
    if given:
        return f"forward . {' '.join(given)}"
    return "forward . /etc/resolv.conf" if addresses.nameservers() else "# this machine has no nameserver"


def default_certificate(options: list[str]) -> str:
    """The TLSStore with the default certificate, for hosts without their own. Empty without the option."""
    args = [arg for option in options for arg in option.replace("=", " ", 1).split()]
    if not args:
        return ""
    if args[0] not in (CERTIFICATE_FLAG, CERTIFICATE_FLAG.lstrip("-")):
        raise CommandError(f"Invalid option {args[0]}: addon ingress takes {CERTIFICATE_FLAG} NAMESPACE/NAME")
    namespace, slash, name = args[1].partition("/") if len(args) == 2 else ("", "", "")
    if not (namespace and slash and name) or "/" in name:
        raise CommandError(f"Invalid value for {CERTIFICATE_FLAG}; expected NAMESPACE/NAME")
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
