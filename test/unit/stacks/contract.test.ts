import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { foundationContract, foundationFrom } from "../../../stacks/foundation/contract.ts";
import { exported, fromStack } from "../../../stacks/contract.ts";
import { settled } from "../../support/outputs.ts";
import { OperatorError } from "../../../components/errors/operator-error.ts";

const { version } = foundationContract;

const outputs = {
  contractVersion: version,
  domain: "bibind.test",
  kubeconfig: "apiVersion: v1",
  ingressClass: "public",
  clusterIssuer: "bibind",
  caCertificate: "",
  innerIssuer: "bibind-inner",
  innerCaCertificate: "",
  chartRepository: "",
  storageClass: "microk8s-hostpath",
  software: { CloudNativePG: "1.27.0" },
  urls: {},
};

async function upstream(foundation: unknown): Promise<pulumi.StackReference> {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (args) => ({
      id: args.name,
      state: { name: args.name, outputs: { foundation }, secretOutputNames: ["foundation"] },
    }),
  });
  return new pulumi.StackReference("organization/bibind/sandbox");
}

describe("contract", () => {
  it("hands over an upstream layer's outputs, plain ones plain and secret ones secret", async () => {
    const foundation = foundationFrom(await upstream(outputs));
    assert.equal(await settled(foundation.domain), "bibind.test");
    assert.equal(await pulumi.isSecret(foundation.domain), false);
    assert.equal(await pulumi.isSecret(foundation.kubeconfig), true);
  });

  it("refuses another version of the contract and names both", async () => {
    const reference = await upstream({ ...outputs, contractVersion: version + 1 });
    await assert.rejects(settled(fromStack(foundationContract, reference)), (error: unknown) => {
      assert(error instanceof OperatorError);
      const needed = `version ${version} of the contract of layer foundation is needed, the stack gives ${version + 1}`;
      assert(error.message.startsWith(needed), error.message);
      return true;
    });
  });

  it("refuses a stack without the layer", async () => {
    const reference = await upstream(undefined);
    await assert.rejects(settled(fromStack(foundationContract, reference)), /the stack gives none/);
  });

  it("names the field of another shape", async () => {
    const reference = await upstream({ ...outputs, domain: 7 });
    await assert.rejects(settled(fromStack(foundationContract, reference)), /domain: /);
  });

  it("exports the version beside the fields", () => {
    const fields = foundationFrom(new pulumi.StackReference("organization/bibind/other"));
    assert.equal(exported(foundationContract, fields).contractVersion, version);
  });
});
