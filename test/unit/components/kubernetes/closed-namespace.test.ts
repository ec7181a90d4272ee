import assert from "node:assert/strict";
import { ClosedNamespace, type ClosedNamespaceArgs } from "../../../../components/kubernetes/closed-namespace.ts";
import { record } from "../../../support/mocks.ts";

async function specOf(args: ClosedNamespaceArgs): Promise<unknown> {
  const { inputs } = (await record(() => new ClosedNamespace("operator", args, {}))).named("operator-policy");
  assert.deepEqual(inputs["metadata"], { name: "closed", namespace: args.namespace });
  return inputs["spec"];
}

describe("ClosedNamespace", () => {
  it("lets nobody connect to its pods", async () => {
    assert.deepEqual(await specOf({ namespace: "operator" }), { podSelector: {}, policyTypes: ["Ingress"] });
  });

  it("lets everybody connect to the public ports, and to no other port", async () => {
    assert.deepEqual(await specOf({ namespace: "ingress", publicPorts: [8443] }), {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ protocol: "TCP", port: 8443 }] }],
    });
  });
});
