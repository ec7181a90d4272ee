import assert from "node:assert/strict";
import { firewallRules } from "../../../../components/host/firewall.ts";

const rules = firewallRules({ allowedTcpPorts: [443, 22, 443], trustedNetworks: ["172.30.0.0/24", "10.9.0.0/16"] });

function chain(name: string): string {
  return new RegExp(`chain ${name} \\{([^]*?)\\n {2}\\}`).exec(rules)?.[1] ?? "";
}

describe("firewallRules", () => {
  it("replace their own table in one transaction, and no other table", () => {
    assert.match(rules, /^# .*\ntable inet bibind\ndelete table inet bibind\ntable inet bibind \{\n/);
    assert.deepEqual(new Set(rules.match(/table \S+ \S+/g)), new Set(["table inet bibind"]));
    assert.doesNotMatch(rules, /flush ruleset/);
  });

  it("drop everything else, on input and before addresses are translated", () => {
    assert.match(chain("input"), /hook input priority filter; policy drop;/);
    assert.match(chain("published"), /hook prerouting priority mangle; policy accept;[^]*jump wanted\n {4}drop$/);
  });

  it("accept established connections, the machine itself, ICMP, and the ports and networks of the settings", () => {
    for (const accepted of [
      "ct state established,related accept",
      'iifname "lo" accept',
      "meta l4proto { icmp, ipv6-icmp } accept",
      "tcp dport @open_tcp_ports accept",
      "ip saddr @trusted_ipv4 accept",
    ]) {
      assert(chain("wanted").includes(`    ${accepted}\n`), accepted);
    }
    assert.match(rules, /set open_tcp_ports \{[^}]*elements = \{ 22, 443 \}/);
    assert.match(rules, /set trusted_ipv4 \{[^}]*elements = \{ 172\.30\.0\.0\/24, 10\.9\.0\.0\/16 \}/);
  });

  it("accept pods only on the interface of the route to them", () => {
    assert.match(chain("wanted"), /ip saddr 10\.1\.0\.0\/16 fib saddr \. iif oif exists accept/);
  });

  it("close the ports of Kubernetes to pods, on this machine and on the others of the cluster", () => {
    const [closed, accepted] = ["ip saddr 10.1.0.0/16 tcp dport @closed_to_pods drop", "ip saddr 10.1.0.0/16 fib"];
    assert(chain("wanted").includes(closed) && chain("wanted").indexOf(closed) < chain("wanted").indexOf(accepted));
    assert.match(chain("published"), /ip saddr 10\.1\.0\.0\/16 ip daddr @trusted_ipv4 tcp dport @closed_to_pods drop/);
    const ports = /set closed_to_pods \{[^}]*elements = \{ ([\d, ]+) \}/.exec(rules)?.[1]?.split(", ") ?? [];
    assert(ports.includes("10259") && ports.includes("25000"));
    assert(!ports.includes("16443") && !ports.includes("10250"));
  });

  it("refuse packets from outside to the addresses of pods and Services", () => {
    assert.match(
      chain("published"),
      /fib daddr type != local ip daddr != \{ 10\.1\.0\.0\/16, 10\.152\.183\.0\/24 \} accept/,
    );
  });

  it("have empty sets if the settings name no ports and networks", () => {
    const bare = firewallRules({ allowedTcpPorts: [], trustedNetworks: [] });
    assert.doesNotMatch(bare, /set (open_tcp_ports|trusted_ipv4) \{[^}]*elements/);
  });
});
