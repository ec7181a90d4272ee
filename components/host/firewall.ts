/** Which new connections a machine accepts; everything else from outside is dropped. */
export interface FirewallSettings {
  /** TCP ports open to everybody. */
  readonly allowedTcpPorts: readonly number[];
  /** IPv4 networks (CIDR) whose every packet is accepted: operators, the other machines of the cluster. */
  readonly trustedNetworks: readonly string[];
}

/** Addresses of pods and of Services, as MicroK8s has them (canonical/microk8s, cluster-cidr and service-cidr). */
export const microk8sNetworks = { pods: "10.1.0.0/16", services: "10.152.183.0/24" };

function set(name: string, type: string, elements: readonly (string | number)[]): string {
  const content = elements.length === 0 ? "" : `\n    elements = { ${elements.join(", ")} }`;
  return `  set ${name} {\n    type ${type}\n    flags interval\n    auto-merge${content}\n  }`;
}

function ascending(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((one, other) => one - other);
}

/**
 * The packet filter of a machine that runs Kubernetes, as text for `nft -f`: it replaces the table in one transaction.
 *
 * A Service's port is translated before the input hook and then forwarded, so a filter on input alone would leave every
 * NodePort and host port open. The same rules therefore stand before the translation as well.
 * Of IPv6 only the open ports and what IPv6 itself needs are let in.
 */
export function firewallRules(settings: FirewallSettings): string {
  const { pods, services } = microk8sNetworks;
  return `# Written by Bibind.
table inet bibind
delete table inet bibind
table inet bibind {
${set("open_tcp_ports", "inet_service", ascending(settings.allowedTcpPorts))}
${set("trusted_ipv4", "ipv4_addr", settings.trustedNetworks)}
  chain wanted {
    ct state established,related accept
    iifname "lo" accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport @open_tcp_ports accept
    ip saddr @trusted_ipv4 accept
    # Pods, whatever the network plugin calls their interfaces: the way back must lead to where the packet came from.
    ip saddr ${pods} fib saddr . iif oif exists accept
    # Answers of the provider's address assignment.
    udp sport 67 udp dport 68 accept
    ip6 saddr fe80::/10 udp dport 546 accept
  }
  chain input {
    type filter hook input priority filter; policy drop;
    ct state invalid drop
    jump wanted
  }
  chain published {
    type filter hook prerouting priority mangle; policy accept;
    fib daddr type != local ip daddr != { ${pods}, ${services} } accept
    meta nfproto ipv6 fib daddr type != local accept
    jump wanted
    drop
  }
}`;
}
