import assert from "node:assert/strict";
import { firewallRules } from "../../../../components/host/firewall.ts";

const rules = firewallRules({ allowedTcpPorts: [443, 22, 443], trustedNetworks: ["172.30.0.0/24", "10.9.0.0/16"] });

function chain(name: string): string {
  return new RegExp(`chain ${name} \\{([^]*?)\\n {2}\\}`).exec(rules)?.[1] ?? "";
}

describe("firewallRules", () => {
  it("replace their own table in one transaction and touch no other", () => {
    assert.match(rules, /^# .*\ntable inet bibind\ndelete table inet bibind\ntable inet bibind \{\n/);
    assert.deepEqual(new Set(rules.match(/table \S+ \S+/g)), new Set(["table inet bibind"]));
    assert.doesNotMatch(rules, /flush ruleset/);
  });

  it("drop what nothing accepts, on input and before addresses are translated", () => {
    assert.match(chain("input"), /hook input priority filter; policy drop;/);
    assert.match(chain("published"), /hook prerouting priority mangle; policy accept;[^]*jump wanted\n {4}drop$/);
  });

  it("accept what belongs to a connection, the machine itself, ICMP, and what the settings name", () => {
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

  it("accept pods only where the way back to them leads", () => {
    assert.match(chain("wanted"), /ip saddr 10\.1\.0\.0\/16 fib saddr \. iif oif exists accept/);
  });

  it("let nobody reach pods or Services from outside by their own addresses", () => {
    assert.match(
      chain("published"),
      /fib daddr type != local ip daddr != \{ 10\.1\.0\.0\/16, 10\.152\.183\.0\/24 \} accept/,
    );
  });

  it("have no elements where the settings name none", () => {
    const bare = firewallRules({ allowedTcpPorts: [], trustedNetworks: [] });
    assert.doesNotMatch(bare, /elements/);
  });
});
