import assert from "node:assert/strict";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { OperatorError } from "../../../components/errors/operator-error.ts";
import { exported, plain, readLive, readUpstream, secret } from "../../../stacks/contract.ts";
import { secretNames, settled } from "../../support/outputs.ts";

const contract = {
  layer: "shop",
  version: 3,
  fields: z.object({
    domain: plain(z.string()).describe("Domain."),
    kubeconfig: secret(z.string()),
    software: plain(z.record(z.string(), z.string())),
  }),
};
const stack = "organization/bibind/sandbox";
const values = { domain: "bibind.test", kubeconfig: "the kubeconfig", software: { Hydra: "2.3.0" } };
const upstream = { ...values, contractVersion: 3 };

async function valuesOf(outputs: Readonly<Record<string, pulumi.Output<unknown>>>): Promise<unknown> {
  return settled(pulumi.all(outputs));
}

/** The error about an upstream stack that exports this value for the layer. */
function refusal(value: unknown): OperatorError["parts"] {
  try {
    readUpstream(contract, stack, value);
  } catch (error) {
    assert(error instanceof OperatorError, String(error));
    return error.parts;
  }
  throw new Error("the outputs are accepted");
}

describe("a field of a contract", () => {
  it("says in its schema whether it is secret, and keeps its description", () => {
    const { domain, kubeconfig } = contract.fields.shape;
    assert.deepEqual(z.globalRegistry.get(domain), { secret: false, description: "Domain." });
    assert.deepEqual(z.globalRegistry.get(kubeconfig), { secret: true });
  });
});

describe("the outputs of a layer of the same stack", () => {
  it("are secret in the secret fields and in no other", async () => {
    const outputs = readLive(contract, {
      domain: pulumi.output(values.domain),
      kubeconfig: pulumi.output(values.kubeconfig),
      software: pulumi.output(values.software),
    });
    assert.deepEqual(await secretNames(outputs), ["kubeconfig"]);
    assert.deepEqual(await valuesOf(outputs), values);
  });

  it("stay secret in a plain field whose value comes from a secret", async () => {
    const { domain } = readLive(contract, { ...values, domain: pulumi.secret(values.domain) });
    assert.equal(await pulumi.isSecret(domain), true);
  });

  it("are refused when a value has another shape", async () => {
    const { domain } = readLive(contract, { ...values, domain: pulumi.output(7) });
    await assert.rejects(settled(domain), /expected string, received number/);
  });
});

describe("the outputs of a layer of the upstream stack", () => {
  it("are secret in the secret fields and in no other", async () => {
    const outputs = readUpstream(contract, stack, upstream);
    assert.deepEqual(await secretNames(outputs), ["kubeconfig"]);
    assert.deepEqual(await valuesOf(outputs), values);
  });

  it("can be read again as those of a layer of the same stack", async () => {
    const outputs = readLive(contract, readUpstream(contract, stack, upstream));
    assert.deepEqual(await secretNames(outputs), ["kubeconfig"]);
    assert.deepEqual(await valuesOf(outputs), values);
  });

  it("leave out fields that the contract does not have", () => {
    const outputs = readUpstream(contract, stack, { ...upstream, further: 1 });
    assert.deepEqual(Object.keys(outputs), Object.keys(values));
  });

  it("are refused with another version of the contract: the error names both versions and the stack", () => {
    const { what, where, remedy } = refusal({ ...upstream, contractVersion: 4 });
    assert.equal(what, "layer shop needs version 3 of its contract, the stack gives 4");
    assert.equal(where, `output "shop" of stack ${stack}`);
    assert.match(remedy, /run pulumi up on stack organization\/bibind\/sandbox/);
  });

  for (const value of [undefined, null, "text", values, []]) {
    it(`are refused without a version: ${inspect(value)}`, () => {
      assert.match(refusal(value).what, /needs version 3 of its contract, the stack gives none$/);
    });
  }

  it("are refused with every problem of their shape in one error", () => {
    const { what } = refusal({ contractVersion: 3, domain: 7, software: { Hydra: 2, Kratos: "1.3.1", OpenBao: null } });
    assert.equal(
      what,
      "the outputs do not have the agreed shape: " +
        [
          "domain: Invalid input: expected string, received number",
          "kubeconfig: Invalid input: expected string, received undefined",
          "software.Hydra: Invalid input: expected string, received number",
          "software.OpenBao: Invalid input: expected string, received null",
        ].join("; "),
    );
  });

  it("are refused without showing a secret value", () => {
    assert.doesNotMatch(refusal({ ...upstream, kubeconfig: { token: "hush" } }).what, /hush/);
  });
});

describe("the exported outputs of a layer", () => {
  it("have the version of the contract beside the fields", () => {
    assert.deepEqual(exported(contract, values), { ...values, contractVersion: 3 });
  });
});
