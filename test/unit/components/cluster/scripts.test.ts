import assert from "node:assert/strict";
import { ClusterMachine, launchFile } from "../../../support/cluster-machine.ts";

describe("the scripts of a cluster", () => {
  let machine: ClusterMachine;

  beforeEach(() => (machine = new ClusterMachine()));
  afterEach(() => machine.remove());

  describe("install.sh", () => {
    it("installs from the channel once", async () => {
      const { exitCode, stderr } = await machine.create("install");
      assert.equal(exitCode, 0, stderr);
      assert.match((await machine.create("install")).stderr, /nothing to do/);
      assert.deepEqual(machine.changes("snap"), ["snap install microk8s --classic --channel=1.34/stable"]);
    });

    it("refreshes to another channel", async () => {
      await machine.create("install");
      await machine.create("install", { channel: "1.35/stable" });
      assert.equal(machine.changes("snap").at(-1), "snap refresh microk8s --channel=1.35/stable");
    });

    it("names the setting if the channel does not exist", async () => {
      const { exitCode, stderr } = await machine.create("install", { channel: "missing/stable" });
      assert.equal(exitCode, 70);
      assert.match(stderr, /no such channel\n.*cannot install microk8s from the channel missing\/stable \| host 192/);
      assert.match(stderr, /check bibind:foundation\.cluster\.channel/);
    });

    it("leaves the certificate to MicroK8s when the host has the address itself", async () => {
      await machine.create("install");
      assert.equal(machine.has(launchFile), false);
    });

    for (const address of ["cluster.example.com", "203.0.113.7", "192.0.2.11"]) {
      it(`configures ${address}, which the host does not have, for the API server's certificate before MicroK8s makes it`, async () => {
        await machine.create("install", { address });
        assert.equal(machine.read("launched"), `version: 0.2.0\nextraSANs:\n  - ${address}\n`);
      });
    }

    it("purges the snap, and does nothing if it is removed already", async () => {
      await machine.create("install");
      assert.equal((await machine.delete("install")).exitCode, 0);
      assert.equal((await machine.delete("install")).exitCode, 0);
      assert.deepEqual(machine.changes("snap").slice(1), ["snap remove microk8s --purge"]);
      assert.equal(machine.has("etc/bibind"), false);
    });

    it("keeps MicroK8s if it was on the host before", async () => {
      machine.write("channel", "1.34/stable");
      await machine.create("install");
      await machine.create("install", { channel: "1.35/stable" });
      const { exitCode, stderr } = await machine.delete("install");
      assert.equal(exitCode, 0);
      assert.match(stderr, /MicroK8s stays, because it was on the host before/);
      assert.deepEqual(machine.changes("snap"), ["snap refresh microk8s --channel=1.35/stable"]);
    });

    it("keeps MicroK8s if the platform could not install it, and the operator did", async () => {
      await machine.create("install", { channel: "missing/stable" });
      machine.write("channel", "1.34/stable");
      await machine.create("install");
      await machine.delete("install");
      assert.deepEqual(machine.changes("snap"), ["snap install microk8s --classic --channel=missing/stable"]);
    });

    it("removes snapd if the platform installed it, but not from under another snap", async () => {
      const removals = (): string[] => machine.calls("apt-get").filter((call) => / purge snapd$/.test(call));
      machine.write("etc/bibind/installed/snapd", "purge\n");
      machine.write("other-snap", "lxd 5 1 latest/stable canonical -\n");
      const { stderr } = await machine.delete("install");
      assert.match(stderr, /snapd stays, because other snaps are installed/);
      assert.deepEqual(removals(), []);
      machine.write("etc/bibind/installed/snapd", "purge\n");
      machine.write("other-snap", "core22 1 2 latest/stable canonical base\nsnapd 1 2 latest/stable canonical snapd\n");
      await machine.delete("install");
      assert.equal(removals().length, 1);
    });
  });

  describe("addon.sh", () => {
    it("enables the addon once", async () => {
      assert.equal((await machine.create("addon-dns")).exitCode, 0);
      assert.match((await machine.create("addon-dns")).stderr, /nothing to do/);
      assert.deepEqual(machine.changes("microk8s"), ["microk8s enable dns"]);
    });

    it("adopts an addon that somebody else enabled, and does not disable it", async () => {
      machine.write("addon-dns", "");
      assert.match((await machine.create("addon-dns")).stderr, /nothing to do/);
      assert.equal((await machine.delete("addon-dns")).exitCode, 0);
      assert.deepEqual(machine.changes("microk8s"), []);
    });

    it("disables it and enables it again when its argument changes", async () => {
      await machine.create("addon-dns", { addon: "dns:1.1.1.1" });
      await machine.create("addon-dns", { addon: "dns:9.9.9.9" });
      await machine.create("addon-dns", { addon: "dns:9.9.9.9" });
      assert.deepEqual(machine.changes("microk8s"), [
        "microk8s enable dns:1.1.1.1",
        "microk8s disable dns",
        "microk8s enable dns:9.9.9.9",
      ]);
    });

    it("names the setting if MicroK8s does not have the addon", async () => {
      const { exitCode, stderr } = await machine.create("addon-broken", { addon: "broken" });
      assert.equal(exitCode, 70);
      assert.match(
        stderr,
        /Addon broken was not found\n.*cannot enable the addon broken .*bibind:foundation\.cluster\.addons/,
      );
    });

    it("disables it, and does nothing if it is disabled already", async () => {
      await machine.create("addon-dns");
      await machine.delete("addon-dns");
      assert.equal((await machine.delete("addon-dns")).exitCode, 0);
      assert.deepEqual(machine.changes("microk8s"), ["microk8s enable dns", "microk8s disable dns"]);
    });
  });

  describe("kubeconfig.sh", () => {
    it("contains the address that the deployer reaches, and is otherwise unchanged", async () => {
      const { report, stderr } = await machine.create("kubeconfig");
      assert.equal(report, "clusters:\n- cluster:\n    server: https://192.0.2.1:16443\n  name: x");
      assert.doesNotMatch(stderr, /clusters/);
    });

    for (const address of ["203.0.113.7", "cluster.example.com"]) {
      it(`is refused when the API server's certificate does not contain ${address}`, async () => {
        machine.command("openssl", 'echo "$5 $6 does NOT match certificate"');
        const { exitCode, report, stderr } = await machine.create("kubeconfig", { address });
        assert.deepEqual([exitCode, report], [70, undefined]);
        assert.match(
          stderr,
          /certificate of the API server does not contain the address .*csr\.conf\.template.*refresh-certs/,
        );
      });
    }
  });
});
