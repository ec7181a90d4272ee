import assert from "node:assert/strict";
import { HostStep } from "../../../../support/host-step.ts";

describe("disk-encryption.sh", () => {
  let step: HostStep;
  beforeEach(() => {
    step = new HostStep("disk-encryption");
  });
  afterEach(() => step.host.remove());

  beforeEach(() => {
    step.host.command("findmnt", "echo '/dev/mapper/vg-root[/@]'");
    step.host.command("lsblk", "echo lvm; echo crypt; echo part");
  });

  it("finds LUKS below the device of the file system", async () => {
    assert.equal((await step.create()).report, "yes");
    assert.match(step.host.calls("lsblk")[0] ?? "", / \/dev\/mapper\/vg-root$/);
  });

  it("reports a disk without encryption, and fails only if the setting requires encryption", async () => {
    step.host.command("lsblk", "echo part");
    assert.equal((await step.create()).report, "no");
    const refused = await step.create({ hardening: { requireDiskEncryption: true } });
    assert.equal(refused.exitCode, 70);
    assert.match(
      refused.stderr,
      /the disk is not encrypted, and bibind:foundation\.host\.hardening\.requireDiskEncryption requires it \| host/,
    );
  });
});
