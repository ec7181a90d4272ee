import assert from "node:assert/strict";
import { ClusterMachine, launchFile, workerMark, workerProxy } from "../../../support/cluster-machine.ts";

describe("invite.sh, join.sh and member.sh", () => {
  let machine: ClusterMachine;

  beforeEach(() => (machine = new ClusterMachine()));
  afterEach(() => machine.remove());

  it("create a token that can be used again after a failed attempt, and print it on standard output only", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.9 192.0.2.1");
    const { report, stderr } = await machine.create("second-invite");
    assert.equal(report, "192.0.2.1:25000/abc123");
    assert(!stderr.includes("abc123"));
    assert.deepEqual(machine.changes("microk8s"), ["microk8s add-node --token-ttl 86400 --format json"]);
  });

  it("report the name of a machine and the addresses at which others reach it", async () => {
    assert.equal((await machine.create("second-names")).report, "machine-1 192.0.2.1");
  });

  it("do not invite a machine that the first one does not find under its name, because MicroK8s would refuse it", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.1");
    for (const found of ["", "192.0.2.20 STREAM node\n"]) {
      machine.write("found", found);
      const { exitCode, stderr } = await machine.create("second-invite");
      assert.equal(exitCode, 70);
      assert.match(
        stderr,
        /does not find the machine node under its name.*add this line to \/etc\/hosts.*: 192\.0\.2\.2 node$/,
      );
    }
    assert.deepEqual(machine.changes("microk8s"), []);
  });

  it("do not invite without an address of the first machine that the cluster knows", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.9");
    assert.match((await machine.create("second-invite")).stderr, /does not know this host by one of its addresses/);
  });

  it("do not install on a machine that a packet filter keeps from the first one", async () => {
    machine.command("timeout", 'case "$*" in *16443) exit 124 ;; esac');
    const { exitCode, stderr } = await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /does not reach TCP port 16443 of server\.example\.com at 192\.0\.2\.1 .*trustedNetworks/);
    assert.deepEqual(machine.changes("snap"), []);
  });

  it("do not wait for a machine whose MicroK8s belongs to another cluster", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.2");
    const { exitCode, stderr } = await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /MicroK8s is installed on this host, and does not belong .* snap remove microk8s --purge/);
    assert.deepEqual(machine.calls("sleep"), []);
  });

  it("wait for a machine whose join was killed", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.2");
    machine.write(launchFile, "join:\n");
    machine.command("sleep", 'echo "192.0.2.2 192.0.2.1" >"$ROOT/addresses"');
    const { exitCode, stderr } = await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 0, stderr);
    assert.equal(machine.calls("sleep").length, 1);
  });

  it("join during the installation, with the token in a file that is deleted afterwards, and in no argument", async () => {
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    const { exitCode, stderr } = await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 0, stderr);
    assert.match(machine.read("launched"), /join:\n {2}url: 192\.0\.2\.1:25000\/abc123\n {2}worker: false\n/);
    assert.equal(machine.has(launchFile), false);
    assert(!(machine.read("calls.log") + stderr).includes("abc123"));
  });

  it("delete the token if the snap cannot be installed", async () => {
    const { exitCode, stderr } = await machine.create(
      "second-join",
      { channel: "missing/stable" },
      "192.0.2.1:25000/abc123",
    );
    assert.equal(exitCode, 70);
    assert.match(stderr, /cannot install microk8s from the channel missing\/stable/);
    assert.equal(machine.has(launchFile), false);
  });

  it("join as a worker, which has no list of nodes", async () => {
    for (const content of ["tcp:\n  services:\n  - address: 192.0.2.1:16443\n", "server: https://192.0.2.1:16443\n"]) {
      machine.write(workerMark, "");
      machine.write(workerProxy, content);
      const { exitCode, stderr } = await machine.create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
      assert.equal(exitCode, 0, stderr);
      assert.match(machine.read("launched"), /\n {2}worker: true\n/);
      assert.match(
        (await machine.create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123")).stderr,
        /nothing to do/,
      );
      await machine.delete("second-join", { role: "worker" });
    }
  });

  it("distinguish a worker of another cluster", async () => {
    machine.write(workerMark, "");
    machine.write(workerProxy, "- address: 192.0.2.11:16443\n- address: 1192.0.2.1:16443\n");
    const { exitCode, stderr } = await machine.create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(stderr, /does not join the cluster of server\.example\.com/);
  });

  it("do not change the role of a machine, but say how to change it", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    const { exitCode, stderr } = await machine.create("second-join", { role: "worker" }, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(
      stderr,
      /has the role control-plane in the cluster, and the settings give it the role worker .* remove it from bibind:f/,
    );
    assert.deepEqual(machine.changes("snap"), []);
  });

  it("say what to read if the machine does not join", async () => {
    machine.write("addresses", "192.0.2.2");
    const { exitCode, stderr } = await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal(exitCode, 70);
    assert.match(
      stderr,
      /does not join the cluster of server\.example\.com \| host node\.example\.com \| read .*journalctl/,
    );
  });

  it("wait until the new node is ready, and remove it from the cluster when it leaves", async () => {
    machine.write("nodes", "one 192.0.2.1 True\ntwo 192.0.2.2 True\n");
    assert.match((await machine.create("second-member")).stderr, /nothing to do/);
    await machine.delete("second-member");
    assert.deepEqual(machine.changes("microk8s"), ["microk8s remove-node two --force"]);
  });

  it("leave the cluster before the snap is removed", async () => {
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    await machine.create("second-join", {}, "192.0.2.1:25000/abc123");
    assert.equal((await machine.delete("second-join")).exitCode, 0);
    assert.deepEqual(machine.changes("microk8s"), ["microk8s leave"]);
    assert.deepEqual(machine.changes("snap").slice(1), ["snap remove microk8s --purge"]);
  });

  it("leave the cluster, and keep a MicroK8s that was on the machine before", async () => {
    machine.write("channel", "1.34/stable");
    machine.write("addresses", "192.0.2.2 192.0.2.1");
    assert.match((await machine.create("second-join", {}, "192.0.2.1:25000/abc123")).stderr, /nothing to do/);
    assert.equal((await machine.delete("second-join")).exitCode, 0);
    assert.deepEqual([machine.changes("microk8s"), machine.changes("snap")], [["microk8s leave"], []]);
  });
});
