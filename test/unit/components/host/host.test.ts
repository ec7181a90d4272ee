import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { hostAt } from "../../../../components/host/host.ts";
import { settled } from "../../../support/outputs.ts";

describe("hostAt", () => {
  const host = hostAt({
    address: "192.0.2.7",
    port: 22,
    user: "debian",
    privateKey: "KEY",
    hostKey: "ssh-ed25519 AAAA",
  });

  it("has the address and the user", async () => {
    assert.deepEqual(await Promise.all([host.address, host.user].map(settled)), ["192.0.2.7", "debian"]);
  });

  it("makes the connection a secret, even if the key is plain text", async () => {
    assert.equal(await pulumi.isSecret(host.connection), true);
    assert.equal(await pulumi.isSecret(host.address), false);
  });
});
