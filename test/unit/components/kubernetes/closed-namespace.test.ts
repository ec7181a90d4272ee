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
    const spec = { podSelector: {}, policyTypes: ["Ingress"], ingress: [] };
    assert.deepEqual(await specOf({ namespace: "operator" }), spec);
  });

  it("lets everybody connect to the public ports, and to no other port", async () => {
    assert.deepEqual(await specOf({ namespace: "ingress", publicPorts: [8443] }), {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ ports: [{ protocol: "TCP", port: 8443 }] }],
    });
  });
});
