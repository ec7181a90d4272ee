import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { openProtection, refuseLoss } from "../../../stacks/data-protection.ts";
import { record } from "../../support/mocks.ts";

class Vault extends pulumi.ComponentResource {
  constructor(opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Vault", "vault", {}, opts);
    new RandomBytes("vault-key", { length: 32 }, { parent: this, protect: true });
    new RandomBytes("vault-nonce", { length: 8 }, { parent: this });
  }
}

describe("the protection of data", () => {
  it("covers what a component protects, and nothing else", async () => {
    const recording = await record(() => new Vault());
    assert.deepEqual(
      recording.resources.filter(({ protect }) => protect).map(({ name }) => name),
      ["vault-key"],
    );
  });

  it("covers nothing when it is open, also below a protected component", async () => {
    const recording = await record(() => {
      openProtection();
      return new Vault({ protect: true });
    });
    assert.deepEqual(
      recording.resources.filter(({ protect }) => protect),
      [],
    );
  });
});

describe("the removal of a layer", () => {
  const layers = [
    { name: "foundation", data: "the cluster" },
    { name: "iam", data: "the accounts of people" },
  ];
  const check = (deployed: readonly string[], lastOutputs: Readonly<Record<string, unknown>>) =>
    record(() => refuseLoss(deployed, layers, "Pulumi.test.yaml"), { lastOutputs });

  it("is refused while its data is protected, and the message says what would be lost and how to go on", async () => {
    const removal = check(["foundation"], { protectedLayers: ["foundation", "iam"], foundation: {}, iam: {} });
    await assert.rejects(removal, (error) => {
      assert(error instanceof OperatorError);
      assert.deepEqual(error.parts, {
        what: "the stack deploys iam, and bibind:layers does not name it any more; this would delete\n  iam: the accounts of people",
        where: "bibind:layers (Pulumi.test.yaml)",
        remedy:
          "add iam to bibind:layers again. To delete this data: keep iam there, set bibind:protectData to false and run pulumi up; then remove iam and run pulumi up again",
      });
      return true;
    });
  });

  it("is refused for a layer of a newer release, which this program does not know", async () => {
    await assert.rejects(check(["foundation", "iam"], { protectedLayers: ["iam", "odoo"] }), /odoo: all its data/);
  });

  it("is allowed when the last update opened the protection, and in a new stack", async () => {
    await check(["foundation"], { protectedLayers: [], foundation: {}, iam: {} });
    await check([], {});
  });
});
