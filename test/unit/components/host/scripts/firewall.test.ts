import assert from "node:assert/strict";
import { HostStep } from "../../../../support/host-step.ts";

describe("firewall.sh", () => {
  let step: HostStep;
  beforeEach(() => {
    step = new HostStep("firewall");
  });
  afterEach(() => step.host.remove());

  const connection = "192.0.2.1 50000 192.0.2.7 22";

  beforeEach(() => {
    step.host.command(
      "nft",
      `case "$*" in
  "-c -f "*) ! grep -q broken "$3" ;;
  "-f "*) cp "$2" "$ROOT/loaded" ;;
  "-s list"*) cat "$ROOT/loaded" ;;
  "delete table inet bibind") rm "$ROOT/loaded" ;;
  "get element inet bibind open_tcp_ports "*) grep -qF "elements = $6" "$ROOT/loaded" ;;
  "get element inet bibind trusted_ipv4 "*) grep -q trusted-by-test "$ROOT/loaded" ;;
esac`,
    );
    step.host.command(
      "systemctl",
      'case $1 in enable) touch "$ROOT/enabled" ;; is-enabled) [ -e "$ROOT/enabled" ] ;; esac',
    );
    step.host.command("ss", "echo '0 0 192.0.2.7:22 192.0.2.1:50000'");
    // The restoration after 30 seconds must wait; the short waits need not.
    step.host.command("sleep", "case $1 in 30) exec /bin/sleep 30 ;; esac");
  });

  it("loads the rules, saves them for the next start, and has nothing to do afterwards", async () => {
    const first = await step.create({}, connection);
    assert.equal(first.exitCode, 0, first.stderr);
    assert.match(step.host.read("loaded"), /^table inet bibind \{$/m);
    assert.equal(step.host.read("etc/bibind/firewall/rules.nft"), step.host.read("loaded"));
    assert.match(step.host.read("etc/systemd/system/bibind-firewall.service"), /ExecStart=\/usr\/sbin\/nft -f /);
    assert.match((await step.create({}, connection)).stderr, /nothing to do/);
  });

  it("notices a rule that somebody changed by hand", async () => {
    await step.create({}, connection);
    step.host.write("loaded", "table inet bibind { }\n");
    const again = await step.create({}, connection);
    assert.doesNotMatch(again.stderr, /nothing to do/);
    assert.match(step.host.read("loaded"), /policy drop/);
  });

  it("does not load rules that nft refuses", async () => {
    const broken = { firewall: { allowedTcpPorts: [22], trustedNetworks: ["broken"] } };
    const { exitCode, stderr } = await step.create({ hardening: broken }, connection);
    assert.deepEqual([exitCode, step.host.has("loaded")], [70, false]);
    assert.match(stderr, /nft does not accept the rules/);
  });

  it("restores the previous rules if the new ones refuse a connection of the deployer", async () => {
    const closed = { firewall: { allowedTcpPorts: [443], trustedNetworks: [] } };
    const { exitCode, stderr } = await step.create({ hardening: closed }, connection);
    assert.deepEqual([exitCode, step.host.has("loaded")], [70, false]);
    assert.match(stderr, /refuse a new connection of the deployer; the previous rules are restored .*allowedTcpPorts/);
  });

  it("restores the rules of the previous deployment, if there was one", async () => {
    await step.create({}, connection);
    const before = step.host.read("loaded");
    await step.create({ hardening: { firewall: { allowedTcpPorts: [443], trustedNetworks: [] } } }, connection);
    assert.equal(step.host.read("loaded"), before);
    assert.equal(step.host.read("etc/bibind/firewall/rules.nft"), before);
  });

  it("restores the previous rules if the new ones interrupt its own connection", async () => {
    step.host.command("ss", "echo '0 512 192.0.2.7:22 192.0.2.1:50000'");
    const { exitCode, stderr } = await step.create({}, connection);
    assert.deepEqual([exitCode, step.host.has("loaded")], [70, false]);
    assert.match(stderr, /the rules interrupt the connection of the deployer/);
  });

  it("removes everything", async () => {
    await step.create({}, connection);
    assert.equal((await step.remove()).exitCode, 0);
    assert.deepEqual(
      [
        step.host.has("loaded"),
        step.host.has("etc/bibind/firewall"),
        step.host.has("etc/systemd/system/bibind-firewall.service"),
      ],
      [false, false, false],
    );
  });
});
