import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hostAt } from "../../../../components/host/host.ts";
import { settled } from "../../../support/outputs.ts";

describe("hostAt", () => {
  const host = hostAt({ address: "192.0.2.7", privateKey: "KEY", hostKey: "ssh-ed25519 AAAA" });

  it("signs in as root on port 22 unless told otherwise", async () => {
    assert.deepEqual(await Promise.all([host.address, host.port, host.user].map(settled)), ["192.0.2.7", 22, "root"]);
  });

  it("keeps the connection a secret, even when the key came as plain text", async () => {
    assert.equal(await pulumi.isSecret(host.connection), true);
    assert.equal(await pulumi.isSecret(host.address), false);
  });
});
