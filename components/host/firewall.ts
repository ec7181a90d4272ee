/** New connections that a machine accepts. It drops all others from outside. */
export interface FirewallSettings {
  /** TCP ports that everybody can reach. */
  readonly allowedTcpPorts: readonly number[];
  /** IPv4 networks (CIDR) that can reach every port: operators, the other machines of the cluster. */
  readonly trustedNetworks: readonly string[];
}

/** Networks of pods and of Services in MicroK8s (canonical/microk8s, cluster-cidr and service-cidr). */
const microk8sNetworks = { pods: "10.1.0.0/16", services: "10.152.183.0/24" };

/**
 * TCP ports of Kubernetes' programs that no pod needs (MicroK8s documentation, "Services and ports"): containerd, etcd, the
 * datastore, the network, kube-proxy, the controllers, the scheduler, health checks, and the agent that lets machines join.
 * Pods need the API server, and the metrics server reads the kubelet (10250), which asks for a token.
 */
const closedToPods = [1338, 2380, 9099, 10248, 10249, 10255, 10256, 10257, 10259, 12379, 12380, 19001, 25000];

function set(name: string, type: string, elements: readonly (string | number)[]): string {
  const content = elements.length === 0 ? "" : `\n    elements = { ${elements.join(", ")} }`;
  return `  set ${name} {\n    type ${type}\n    flags interval\n    auto-merge${content}\n  }`;
}

function ascending(ports: readonly number[]): number[] {
  return [...new Set(ports)].sort((one, other) => one - other);
}

/**
 * The packet filter of a machine with Kubernetes, as text for `nft -f`. It replaces the table in one transaction.
 *
 * The kernel translates the port of a Service before the input hook and forwards the packet, so a filter on input alone
 * would leave every NodePort and host port open. Therefore the same rules also apply before the translation.
 * Of IPv6, the filter accepts the open ports and what IPv6 itself needs.
 */
export function firewallRules(settings: FirewallSettings): string {
  const { pods, services } = microk8sNetworks;
  return `# Written by Bibind.
table inet bibind
delete table inet bibind
table inet bibind {
${set("open_tcp_ports", "inet_service", ascending(settings.allowedTcpPorts))}
${set("trusted_ipv4", "ipv4_addr", settings.trustedNetworks)}
${set("closed_to_pods", "inet_service", closedToPods)}
  chain wanted {
    ct state established,related accept
    iifname "lo" accept
    meta l4proto { icmp, ipv6-icmp } accept
    tcp dport @open_tcp_ports accept
    ip saddr @trusted_ipv4 accept
    ip saddr ${pods} tcp dport @closed_to_pods drop
    # Pods. Their interfaces have no fixed name, so the route to the source must use the interface of the packet.
    ip saddr ${pods} fib saddr . iif oif exists accept
    # Answers of DHCP.
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
    # Another machine of the cluster would see the packet as one of this machine.
    ip saddr ${pods} ip daddr @trusted_ipv4 tcp dport @closed_to_pods drop
    fib daddr type != local ip daddr != { ${pods}, ${services} } accept
    meta nfproto ipv6 fib daddr type != local accept
    jump wanted
    drop
  }
}`;
}
