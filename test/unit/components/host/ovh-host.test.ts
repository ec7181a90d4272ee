import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { OvhHost, type Hardening } from "../../../../components/host/ovh-host.ts";
import { isSecret, record, type Recording } from "../../../support/mocks.ts";
import { settled } from "../../../support/outputs.ts";

const privateKey = "-----BEGIN OPENSSH PRIVATE KEY-----";

const everything: Hardening = {
  sshKeyOnly: true,
  unattendedUpgrades: true,
  firewall: { allowedTcpPorts: [22, 443], trustedNetworks: ["192.0.2.0/24"] },
  requireDiskEncryption: false,
};

function host(hardening: Partial<Hardening> = {}): Promise<Recording<OvhHost>> {
  return record(
    () =>
      new OvhHost("host", {
        address: "192.0.2.7",
        port: 2222,
        user: "debian",
        privateKey,
        hostKey: "ssh-ed25519 AAAA",
        minimum: { cpus: 4, memoryGiB: 16, diskGiB: 100 },
        hardening: { ...everything, ...hardening },
      }),
  );
}

function steps(recording: Recording<OvhHost>): string[] {
  return recording.ofType("bibind:host:RemoteStep").map(({ name }) => name);
}

describe("OvhHost", () => {
  it("checks the machine before it changes anything, and runs one step after the other", async () => {
    const recording = await host();
    assert.deepEqual(steps(recording), [
      "host-preflight",
      "host-disk-encryption",
      "host-ssh-key-only",
      "host-firewall",
      "host-unattended-upgrades",
    ]);
    const order = recording.ofType("command:remote:Command").map(({ dependsOn }) => dependsOn);
    assert.deepEqual(order, [
      [],
      ["host-preflight"],
      ["host-disk-encryption"],
      ["host-ssh-key-only"],
      ["host-firewall"],
    ]);
  });

  for (const [setting, suffix] of [
    [{ sshKeyOnly: false }, "ssh-key-only"],
    [{ unattendedUpgrades: false }, "unattended-upgrades"],
  ] as const) {
    it(`has no step ${suffix} if the settings turn it off`, async () => {
      const recording = await host(setting);
      assert(!steps(recording).includes(`host-${suffix}`));
      assert.equal(steps(recording).length, 4);
    });
  }

  it("gives the minimum and the path of the settings to the preflight", async () => {
    const recording = await host();
    const create = String(recording.named("host-preflight-command").inputs["create"]);
    for (const assignment of [
      "settings='\\''bibind:foundation.host'\\''",
      "min_cpus='\\''4'\\''",
      "min_memory_gib='\\''16'\\''",
      "min_disk_gib='\\''100'\\''",
    ]) {
      assert(create.includes(assignment), assignment);
    }
  });

  it("has the same scripts at every run", async () => {
    const texts = async (): Promise<unknown[]> =>
      (await host()).resources.map(({ inputs }) => [inputs["create"], inputs["delete"], inputs["stdin"]]);
    assert.deepEqual(await texts(), await texts());
  });

  it("removes every hardening, and has nothing to remove where it only reads", async () => {
    const recording = await host();
    const removing = recording
      .ofType("command:remote:Command")
      .filter(({ inputs }) => inputs["delete"] !== undefined)
      .map(({ name }) => name);
    assert.deepEqual(removing, [
      "host-ssh-key-only-command",
      "host-firewall-command",
      "host-unattended-upgrades-command",
    ]);
  });

  it("has its key in the secret connection only", async () => {
    const recording = await host();
    for (const { name, inputs } of recording.resources) {
      const { connection, ...others } = inputs;
      assert(!JSON.stringify(others).includes("PRIVATE KEY"), name);
      assert(connection === undefined || isSecret(connection), name);
    }
    assert.equal(await pulumi.isSecret(recording.result.connection), true);
  });

  it("gives the facts, which are not secret", async () => {
    const { result } = await host();
    assert.deepEqual(await settled(result.facts), {
      os: "debian 13",
      cpus: 8,
      memoryGiB: 32,
      diskGiB: 400,
      virtualisation: "vmx",
      clock: "synchronised",
      encryptedDisk: false,
    });
    assert.equal(await pulumi.isSecret(result.facts), false);
    assert.equal(await settled(result.address), "192.0.2.7");
  });
});
